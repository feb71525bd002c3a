// One job as the job manager knows it, and what each event makes of it (RFC 21).
import { JobState } from '@ebb/flux-client';
import { type EventlogEntry, type Jobspec, type RObject, signalText } from '@ebb/flux-formats';
import { withUpdates } from './period-keys.ts';

/** Bits of a submission (RFC 21). */
export const JobFlag = { debug: 2, waitable: 4, novalidate: 8 } as const;
export const Urgency = { hold: 0, default: 16, expedite: 31 } as const;
const flagBits: Readonly<Record<string, number>> = JobFlag;
const largestPriority = 4_294_967_295;

export interface JobException {
  readonly type: string;
  readonly severity: number;
  readonly note: string;
  readonly userid: number;
}

/** Where a job stands with the scheduler or with execution. */
export type Standing = 'none' | 'queued' | 'sent';

export class Job {
  readonly id: bigint;
  userid = 0;
  urgency: number = Urgency.default;
  /** Undefined until the first `priority` event. */
  priority: number | undefined;
  flags = 0;
  /** Seconds since 1970. */
  submitTime = 0;
  state: number = JobState.New;
  readonly dependencies = new Set<string>();
  /** Prologs and epilogs under way. */
  readonly perilogs = new Set<string>();
  /** The first exception of severity 0. */
  fatal: JobException | undefined;
  /** Wait status of the `finish` event. */
  status: number | undefined;
  hasStarted = false;
  hasResources = false;
  /** The eventlog, as it is in the KVS. */
  readonly events: EventlogEntry[] = [];
  /** Without the environment; changed by `jobspec-update`. */
  jobspec: Jobspec | undefined;
  R: RObject | undefined;
  annotations: Record<string, unknown> = {};
  // What is under way, and not in the eventlog.
  allocation: Standing = 'none';
  execution: Standing = 'none';
  /** The job ran when the instance ended. */
  reattach = false;
  wasWaitedFor = false;

  constructor(id: bigint) {
    this.id = id;
  }

  get isActive(): boolean {
    return this.state !== JobState.Inactive;
  }

  /**
   * Takes in an event.
   * @throws TypeError for an event that cannot come now, or lacks what it must have
   */
  apply(entry: EventlogEntry): void {
    const { name, context = {}, timestamp } = entry;
    switch (name) {
      case 'submit':
        this.#expect(JobState.New, name);
        this.userid = integer(context, 'userid', name);
        this.urgency = integer(context, 'urgency', name);
        this.flags = integer(context, 'flags', name);
        this.submitTime = timestamp;
        break;
      case 'validate':
        this.#expect(JobState.New, name);
        this.state = JobState.Depend;
        break;
      case 'invalidate':
        this.state = JobState.Inactive;
        break;
      case 'set-flags':
        for (const flag of strings(context['flags'])) this.flags |= flagBits[flag] ?? 0;
        break;
      case 'jobspec-update':
        if (this.jobspec) this.jobspec = withUpdates(this.jobspec, context);
        // Its priority, and what the scheduler knows of it, may be others now.
        if (this.state === JobState.Sched) this.state = JobState.Priority;
        break;
      case 'resource-update':
        this.R &&= { ...this.R, execution: { ...this.R.execution, ...context } };
        break;
      case 'flux-restart':
        if (this.state === JobState.Sched) this.state = JobState.Priority;
        break;
      case 'prolog-start':
      case 'epilog-start':
        this.perilogs.add(`${name.slice(0, 6)} ${context['description']}`);
        break;
      case 'prolog-finish':
      case 'epilog-finish':
        this.perilogs.delete(`${name.slice(0, 6)} ${context['description']}`);
        break;
      case 'dependency-add':
        if (this.state !== JobState.New) this.#expect(JobState.Depend, name);
        this.dependencies.add(String(context['description']));
        break;
      case 'dependency-remove':
        this.dependencies.delete(String(context['description']));
        break;
      case 'depend':
        this.#expect(JobState.Depend, name);
        this.state = JobState.Priority;
        break;
      case 'priority':
        if (this.state & (JobState.Priority | JobState.Sched)) this.priority = integer(context, 'priority', name);
        if (this.state === JobState.Priority) this.state = JobState.Sched;
        break;
      case 'urgency':
        this.urgency = integer(context, 'urgency', name);
        if (this.state === JobState.Sched) this.state = JobState.Priority;
        break;
      case 'alloc':
        if (this.hasResources) throw new TypeError(`job ${this.id}: allocated twice`);
        this.hasResources = true;
        if (this.state === JobState.Sched) this.state = JobState.Run;
        else if (this.state !== JobState.Cleanup) this.#expect(JobState.Sched, name);
        break;
      case 'start':
        this.hasStarted = true;
        break;
      case 'finish':
        this.status = integer(context, 'status', name);
        if (this.state === JobState.Run) this.state = JobState.Cleanup;
        break;
      case 'free':
        this.hasResources = false;
        break;
      case 'exception':
        if (integer(context, 'severity', name) === 0 && this.isActive && this.state !== JobState.New) {
          // A job whose resources could not be had again from a new scheduler holds none.
          if (context['type'] === 'scheduler-restart') this.hasResources = false;
          this.fatal ??= exceptionOf(context);
          this.state = JobState.Cleanup;
        }
        break;
      case 'clean':
        this.#expect(JobState.Cleanup, name);
        this.state = JobState.Inactive;
        break;
      default:
      // Others, such as release, memo and what plugins post, change no state.
    }
  }

  /** 0 for success, else why the job failed: as `flux job wait` says it. */
  get failure(): string | undefined {
    if (this.status !== undefined && (this.fatal === undefined || this.status !== 0)) {
      if (this.fatal) return fatalText(this.fatal);
      if (this.status === 0) return undefined;
      const signal = this.status & 0x7f;
      return signal === 0 ? `task(s) exited with exit code ${this.status >> 8}` : `task(s) ${signalText(signal)}`;
    }
    return this.fatal ? fatalText(this.fatal) : undefined;
  }

  #expect(state: number, name: string): void {
    if (this.state !== state) throw new TypeError(`job ${this.id}: event ${name} in state ${this.state}`);
  }
}

/** The priority that an urgency gives where no plugin computes another. */
export function priorityOf(urgency: number): number {
  return urgency === Urgency.expedite ? largestPriority : urgency;
}

function fatalText({ type, note }: JobException): string {
  return `Fatal exception type=${type} ${note}`.trimEnd();
}

function exceptionOf(context: Record<string, unknown>): JobException {
  const { type, severity, note = '', userid = -1 } = context as unknown as JobException;
  return { type: String(type), severity, note, userid };
}

function integer(context: Record<string, unknown>, name: string, event: string): number {
  const value = context[name];
  if (typeof value !== 'number') throw new TypeError(`event ${event}: ${name} must be an integer`);
  return value;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
