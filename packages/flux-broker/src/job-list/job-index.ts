// All jobs that job-list knows, kept current by the journal of job-manager (reference 5.4).
import { JobState, pendingStates, runningStates } from '@ebb/flux-client';
import { type EventlogEntry, toFluid } from '@ebb/flux-formats';
import type { JobConstraint } from './constraint.ts';
import { ListedJob } from './job.ts';
import { JobCounts } from './job-counts.ts';
import { inactiveOrder, pendingOrder, runningOrder, SortedJobs } from './sorted-jobs.ts';

/** One message of `job-manager.events-journal`. */
export interface JournalMessage {
  readonly id: number | bigint;
  readonly events: readonly EventlogEntry[];
  readonly jobspec?: unknown;
  readonly R?: unknown;
}

export interface JobQuery {
  readonly constraint: JobConstraint;
  /** 0: as many as there are. */
  readonly limit: number;
  /** Of inactive jobs only those that ended later, in seconds since 1970. */
  readonly since: number;
}

/** Events that change the state, the priority or the queue of a job. */
const movingEvents = new Set([
  ...['submit', 'validate', 'depend', 'priority', 'alloc', 'finish', 'clean'],
  ...['urgency', 'flux-restart', 'exception', 'jobspec-update'],
]);

export class JobIndex {
  readonly counts = new JobCounts();
  readonly pending = new SortedJobs(pendingOrder);
  readonly running = new SortedJobs(runningOrder, { newestFirst: true });
  readonly inactive = new SortedJobs(inactiveOrder, { newestFirst: true });
  readonly #jobs = new Map<bigint, ListedJob>();
  readonly #onChange: (job: ListedJob) => void;
  readonly #complain: (text: string) => void;

  /** `onChange` is called after each event that changes a job's state or counts, `complain` with what is wrong about one. */
  constructor(onChange: (job: ListedJob) => void, complain: (text: string) => void) {
    this.#onChange = onChange;
    this.#complain = complain;
  }

  get(id: bigint): ListedJob | undefined {
    return this.#jobs.get(id);
  }

  /** Takes in what the journal says of one job. */
  receive({ id: number, events, jobspec, R }: JournalMessage): void {
    const id = toFluid(number);
    for (const event of events) {
      const job = this.#jobs.get(id) ?? this.#create(id, event);
      if (!job) continue;
      if (jobspec !== undefined && event.name === 'submit') job.setJobspec(jobspec);
      if (R !== undefined) job.setR(R);
      if (event.name === 'invalidate') this.#forget(job);
      else this.#apply(job, event);
    }
  }

  /** Jobs in the order pending, running, inactive. */
  select({ constraint, limit, since }: JobQuery): ListedJob[] {
    const found: ListedJob[] = [];
    const isFull = () => limit > 0 && found.length >= limit;
    const search = (list: SortedJobs, states: number) => {
      if (!(constraint.mayMatch & states)) return;
      for (const job of list) {
        if (isFull()) return;
        if (job.t_inactive !== undefined && job.t_inactive <= since) return;
        if (constraint.matches(job)) found.push(job);
      }
    };
    search(this.pending, pendingStates);
    search(this.running, runningStates);
    search(this.inactive, JobState.Inactive);
    return found;
  }

  /** Forgets inactive jobs; returns how many there were. */
  purge(ids: readonly bigint[]): number {
    const purged = ids.map((id) => this.#jobs.get(id)).filter((job) => job?.state === JobState.Inactive);
    for (const job of purged as ListedJob[]) {
      this.counts.purge(job);
      this.inactive.remove(job);
      this.#jobs.delete(job.id);
    }
    return purged.length;
  }

  #create(id: bigint, { name }: EventlogEntry): ListedJob | undefined {
    if (name !== 'submit') {
      this.#complain(`event ${name}: job ${id} is not known`);
      return undefined;
    }
    const job = new ListedJob(id);
    this.#jobs.set(id, job);
    return job;
  }

  // A job leaves its list while its place may change.
  #apply(job: ListedJob, event: EventlogEntry): void {
    const moves = movingEvents.has(event.name);
    if (moves) {
      this.#listOf(job)?.remove(job);
      this.counts.remove(job);
    }
    try {
      job.apply(event);
    } catch (error) {
      this.#complain(`event ${event.name} of job ${job.id}: ${(error as Error).message}`);
    }
    if (!moves) return;
    this.counts.add(job);
    this.#listOf(job)?.add(job);
    this.#onChange(job);
  }

  #forget(job: ListedJob): void {
    this.#listOf(job)?.remove(job);
    this.counts.remove(job);
    this.#jobs.delete(job.id);
  }

  #listOf({ state }: ListedJob): SortedJobs | undefined {
    if (state & pendingStates) return this.pending;
    if (state & runningStates) return this.running;
    return state === JobState.Inactive ? this.inactive : undefined;
  }
}
