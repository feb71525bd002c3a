// The jobs of the instance: posts their events, and does what each event makes necessary.
import { JobState } from '@ebb/flux-client';
import { type EventlogEntry, type Jobspec, printFluid, type RObject } from '@ebb/flux-formats';
import { LogLevel, type ModuleContext } from '../module.ts';
import { AllocationQueue } from './allocation-queue.ts';
import { EventlogWriter } from './eventlog-writer.ts';
import { Execution } from './execution.ts';
import { Job, JobFlag } from './job.ts';
import type { JobSteps } from './job-steps.ts';
import { Journal } from './journal.ts';
import { type Action, nextAction } from './next-actions.ts';

export interface Submission {
  readonly id: bigint;
  readonly userid: number;
  readonly urgency: number;
  readonly flags: number;
  readonly submitTime: number;
  readonly jobspec: Jobspec;
}

export class JobManager implements JobSteps {
  readonly context: ModuleContext;
  readonly jobs = new Map<bigint, Job>();
  readonly active = new Set<Job>();
  readonly journal = new Journal();
  readonly writer: EventlogWriter;
  readonly queue: AllocationQueue;
  readonly execution: Execution;
  largestId = 0n;
  readonly #endListeners = new Set<(job: Job) => void>();
  readonly #changeListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(job: Job, name: string) => void>();

  constructor(context: ModuleContext) {
    this.context = context;
    this.writer = new EventlogWriter(context.flux, (error) =>
      context.log(LogLevel.crit, `eventlog commit failed: ${error.message}`),
    );
    this.queue = new AllocationQueue(this);
    this.execution = new Execution(this);
  }

  /** Called for each job that has become inactive. */
  onEnd(listener: (job: Job) => void): void {
    this.#endListeners.add(listener);
  }

  /** Called for each event, after it changed its job and before what follows from it. */
  onEvent(listener: (job: Job, name: string) => void): void {
    this.#eventListeners.add(listener);
  }

  /** Called after each event. */
  onChange(listener: () => void): void {
    this.#changeListeners.add(listener);
  }

  /** Takes a new job in. Its events are on their way to the KVS when this returns. */
  submit({ id, userid, urgency, flags, submitTime, jobspec }: Submission): Job {
    const job = new Job(id);
    job.jobspec = jobspec;
    this.add(job);
    this.record(job, 'submit', { userid, urgency, flags, version: 1 }, submitTime);
    return job;
  }

  add(job: Job): void {
    this.jobs.set(job.id, job);
    if (job.isActive) this.active.add(job);
    if (job.id > this.largestId) this.largestId = job.id;
  }

  forget(job: Job): void {
    this.jobs.delete(job.id);
  }

  /** Posts an event and does what follows from it. */
  post(job: Job, name: string, context?: Record<string, unknown>): void {
    this.record(job, name, context);
    this.act(job);
  }

  /** Posts an event; what follows from it waits for {@link act}. */
  record(job: Job, name: string, context?: Record<string, unknown>, timestamp = this.now()): void {
    const entry: EventlogEntry = { timestamp, name, ...(context ? { context } : {}) };
    job.apply(entry);
    job.events.push(entry);
    this.writer.append(job.id, entry);
    this.journal.tell(job, entry);
    if (name === 'exception') this.#tellOfException(job, context as { type: string; severity: number });
    for (const listener of this.#eventListeners) listener(job, name);
    for (const listener of this.#changeListeners) listener();
  }

  /** Does what is to be done about a job now. */
  act(job: Job): void {
    const action = nextAction(job);
    if (action) this.#steps[action.do](job, action);
  }

  readonly #steps: { [Name in Action['do']]: (job: Job, action: Action) => void } = {
    post: (job, action) => action.do === 'post' && this.post(job, action.event, action.context),
    enqueue: (job) => this.queue.add(job),
    dequeue: (job) => {
      this.queue.remove(job);
      this.act(job);
    },
    withdraw: (job) => {
      job.execution = 'none';
      this.act(job);
    },
    'cancel-allocation': (job) => this.queue.cancel(job),
    start: (job) => this.execution.start(job),
    free: (job) => {
      this.queue.free(job);
      this.post(job, 'free');
    },
    ended: (job) => this.#end(job),
  };

  annotate(job: Job, annotations: Record<string, unknown>): void {
    job.annotations = merged(job.annotations, annotations);
    const entry = { timestamp: this.now(), name: 'annotations', context: { annotations: job.annotations } };
    this.journal.tell(job, entry);
  }

  /** Takes away what was said of a job that got no resources: all, or only what the scheduler said. */
  clearAnnotations(job: Job, part?: 'sched'): void {
    const { sched, ...others } = job.annotations;
    const isChanged = part === undefined ? Object.keys(job.annotations).length > 0 : sched !== undefined;
    if (!isChanged) return;
    job.annotations = part === undefined ? {} : others;
    const annotations = Object.keys(job.annotations).length > 0 ? job.annotations : null;
    this.journal.tell(job, { timestamp: this.now(), name: 'annotations', context: { annotations } });
  }

  /** Seconds since 1970. */
  now(): number {
    return this.context.clock.now() / 1000;
  }

  /** R of a job that was allocated, from the KVS where the scheduler wrote it. */
  async readR(id: bigint): Promise<RObject> {
    return (await this.readKvs(`${printFluid(id, 'kvs')}.R`)) as RObject;
  }

  async readKvs(key: string): Promise<unknown> {
    const text = await this.readText(key);
    return JSON.parse(text);
  }

  async readText(key: string): Promise<string> {
    const answer = await this.context.flux.rpc<{ val: { data: string } }>('kvs.lookup', {
      key,
      namespace: 'primary',
      flags: 0,
    });
    return Buffer.from(answer.val.data, 'base64').toString('utf8');
  }

  /** How many jobs are in one of these states (bits). */
  count(states: number): number {
    let count = 0;
    for (const job of this.active) if (job.state & states) count++;
    return count;
  }

  #end(job: Job): void {
    if (!this.active.delete(job)) return;
    if (!(job.flags & JobFlag.debug)) job.annotations = {};
    for (const listener of this.#endListeners) listener(job);
    for (const listener of this.#changeListeners) listener();
  }

  #tellOfException(job: Job, { type, severity }: { type: string; severity: number }): void {
    if (job.state === JobState.New) return;
    this.context.flux.publish('job-exception', { id: job.id, type, severity }).catch((error: Error) => {
      this.context.log(LogLevel.err, `job-exception: ${error.message}`);
    });
  }
}

/** Adds and replaces members; null takes one away. */
export function merged(base: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete result[name];
    else if (isObject(value)) {
      const inner = merged(isObject(result[name]) ? result[name] : {}, value);
      if (Object.keys(inner).length > 0) result[name] = inner;
      else delete result[name];
    } else result[name] = value;
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
