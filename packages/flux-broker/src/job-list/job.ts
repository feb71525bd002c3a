// One job as it is listed: the attributes that its events, its jobspec and its resources give it (reference 4.5, RFC 21).
import { JobResult, JobState } from '@ebb/flux-client';
import { type EventlogEntry, printHostlist, ResourceSet } from '@ebb/flux-formats';
import { annotationsWithMemo } from './annotations.ts';
import { type JobspecCore, jobspecAttributes, jobspecCore, updateJobspec } from './jobspec-attributes.ts';

type Context = Record<string, unknown>;
type TimeName = 't_submit' | 't_depend' | 't_priority' | 't_sched' | 't_run' | 't_cleanup' | 't_inactive';

/** Attributes that are not there yet are undefined. Times in seconds since 1970. */
export class ListedJob {
  readonly id: bigint;
  userid = 0;
  urgency = 0;
  /** 0 until the job has one: those without stand behind those that have one. */
  priority = 0;
  state: number = JobState.New;
  /** Every state that the job has been in; a return to PRIORITY takes SCHED away again. */
  statesSeen: number = JobState.New;
  t_submit = 0;
  t_depend: number | undefined;
  t_priority: number | undefined;
  t_sched: number | undefined;
  t_run: number | undefined;
  t_cleanup: number | undefined;
  t_inactive: number | undefined;
  name: string | undefined;
  cwd: string | undefined;
  queue: string | undefined;
  project: string | undefined;
  bank: string | undefined;
  ntasks: number | undefined;
  ncores: number | undefined;
  duration: number | undefined;
  nnodes: number | undefined;
  ranks: string | undefined;
  nodelist: string | undefined;
  expiration: number | undefined;
  waitstatus: number | undefined;
  success = false;
  exception: { readonly severity: number; readonly type: string; readonly note: string } | undefined;
  result: number = JobResult.Failed;
  annotations: Context | undefined;
  dependencies: Set<string> | undefined;
  /** What later updates apply to. Only while the job is active: inactive jobs are many. */
  #jobspec: JobspecCore | undefined;
  #R: ResourceSet | undefined;

  constructor(id: bigint) {
    this.id = id;
  }

  /** Whether there was an exception of any severity. */
  get exceptionOccurred(): boolean {
    return this.exception !== undefined;
  }

  /** Keeps what is listed of a jobspec; a broken one gives no attributes. */
  setJobspec(jobspec: unknown): void {
    this.#jobspec = jobspecCore(jobspec);
  }

  setR(R: unknown): void {
    if (this.#R || this.state === JobState.Inactive) return;
    try {
      this.#R = ResourceSet.parse(R);
    } catch {
      // The job is listed with what else there is about it.
    }
  }

  /**
   * Takes in one event of the job's eventlog.
   * @throws TypeError when the context lacks what the event must have (RFC 21)
   */
  apply({ name, timestamp, context = {} }: EventlogEntry): void {
    switch (name) {
      case 'submit':
        this.userid = integer(context, 'userid');
        this.urgency = integer(context, 'urgency');
        this.t_submit = timestamp;
        break;
      case 'validate':
        this.#advance(JobState.Depend, timestamp);
        break;
      case 'depend':
        this.#advance(JobState.Priority, timestamp);
        break;
      case 'priority':
        this.priority = integer(context, 'priority');
        if (this.state === JobState.Priority) this.#enter(JobState.Sched, timestamp);
        break;
      case 'alloc':
        this.#advance(JobState.Run, timestamp);
        break;
      case 'finish':
        this.waitstatus = integer(context, 'status');
        this.success = this.waitstatus === 0 && this.exception?.severity !== 0;
        this.#advance(JobState.Cleanup, timestamp);
        break;
      case 'clean':
        this.#advance(JobState.Inactive, timestamp);
        break;
      case 'urgency':
        this.urgency = integer(context, 'urgency');
        this.#backToPriority(timestamp);
        break;
      case 'flux-restart':
        this.#backToPriority(timestamp);
        break;
      case 'exception':
        this.#except(context, timestamp);
        break;
      case 'annotations':
        this.annotations = (context['annotations'] as Context | null | undefined) ?? undefined;
        break;
      case 'memo':
        this.annotations = annotationsWithMemo(this.annotations, context);
        break;
      case 'jobspec-update':
        this.#updateJobspec(context);
        this.#backToPriority(timestamp);
        break;
      case 'resource-update':
        if (typeof context['expiration'] === 'number') this.expiration = context['expiration'];
        break;
      case 'dependency-add':
        this.dependencies ??= new Set();
        this.dependencies.add(text(context, 'description'));
        break;
      case 'dependency-remove':
        this.dependencies?.delete(text(context, 'description'));
        break;
    }
  }

  #advance(state: number, timestamp: number): void {
    // Each state but PRIORITY and SCHED is entered once: the finish of a cancelled job changes nothing.
    if (this.statesSeen & state && state !== JobState.Priority) return;
    if (state === JobState.Depend) this.#readJobspec();
    if (state === JobState.Run) this.#readR();
    if (state === JobState.Inactive) this.#complete();
    this.#enter(state, timestamp);
  }

  #enter(state: number, timestamp: number): void {
    this.state = state;
    this.statesSeen |= state;
    const name = timeNames.get(state);
    if (name) this[name] ??= timestamp;
  }

  #backToPriority(timestamp: number): void {
    if (this.state !== JobState.Sched) return;
    this.statesSeen &= ~JobState.Sched;
    this.#enter(JobState.Priority, timestamp);
  }

  #except(context: Context, timestamp: number): void {
    const severity = integer(context, 'severity');
    const type = text(context, 'type');
    const note = text(context, 'note');
    // The gravest one is shown; of equal ones the first.
    if (!this.exception || severity < this.exception.severity) this.exception = { severity, type, note };
    if (severity === 0) this.#advance(JobState.Cleanup, timestamp);
  }

  #complete(): void {
    if (this.success) this.result = JobResult.Completed;
    else if (this.exception?.type === 'cancel') this.result = JobResult.Canceled;
    else if (this.exception?.type === 'timeout') this.result = JobResult.Timeout;
    this.#jobspec = undefined;
    this.#R = undefined;
  }

  #readJobspec(): void {
    if (this.#jobspec) Object.assign(this, jobspecAttributes(this.#jobspec));
  }

  #updateJobspec(updates: Context): void {
    if (!this.#jobspec) return;
    updateJobspec(this.#jobspec, updates);
    this.#readJobspec();
    if (this.#R) this.#readR();
  }

  #readR(): void {
    const R = this.#R;
    if (!R) return;
    this.expiration = R.expiration;
    this.nnodes = R.nodeCount;
    this.ranks = R.ranks.toBracketString();
    this.nodelist = printHostlist(R.hosts);
    this.ncores = R.coreCount;
    const per = this.#jobspec?.perResource;
    if (this.ntasks === undefined && per?.type === 'node') this.ntasks = R.nodeCount * per.count;
    if (this.ntasks === undefined && per?.type === 'core') this.ntasks = R.coreCount * per.count;
  }
}

const timeNames = new Map<number, TimeName>([
  [JobState.Depend, 't_depend'],
  [JobState.Priority, 't_priority'],
  [JobState.Sched, 't_sched'],
  [JobState.Run, 't_run'],
  [JobState.Cleanup, 't_cleanup'],
  [JobState.Inactive, 't_inactive'],
]);

function integer(context: Context, name: string): number {
  const value = context[name];
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`);
  return value;
}

function text(context: Context, name: string): string {
  const value = context[name];
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
  return value;
}
