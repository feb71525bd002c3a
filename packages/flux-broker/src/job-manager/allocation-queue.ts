// What the manager says to the scheduler, and hears from it (RFC 27): who waits for resources, in which order.
import { FluxError, JobState, type Request } from '@ebb/flux-client';
import { printFluid } from '@ebb/flux-formats';
import { LogLevel } from '../module.ts';
import { type Job, JobFlag } from './job.ts';
import type { JobSteps } from './job-steps.ts';

const allocation = { success: 0, annotate: 1, deny: 2, cancel: 3 } as const;

interface AllocationResponse {
  readonly id: number | bigint;
  readonly type: number;
  readonly note?: string;
  readonly annotations?: Record<string, unknown>;
  readonly R?: unknown;
}

export class AllocationQueue {
  readonly #manager: JobSteps;
  readonly #waiting = new Set<Job>();
  readonly #sent = new Set<Job>();
  #isReady = false;
  /** How many requests the scheduler takes at once. */
  #limit = Number.POSITIVE_INFINITY;
  /** Whether a queue is started; undefined names the queue of jobs that have none. */
  isStarted: (queue: string | undefined) => boolean = () => true;

  constructor(manager: JobSteps) {
    this.#manager = manager;
  }

  /** How many jobs wait in queues that are started. */
  get length(): number {
    return [...this.#waiting].filter((job) => this.isStarted(queueOf(job))).length;
  }

  /** A scheduler is there and takes requests. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get pending(): number {
    return this.#sent.size;
  }

  /** `job-manager.sched-hello`: the jobs that hold resources, for a scheduler that starts. */
  hello(request: Request): void {
    if (!request.isStreaming) throw new FluxError('EPROTO', 'sched.hello requires streaming RPC flag');
    this.#lose();
    for (const job of this.#manager.active) {
      if (!job.hasResources) continue;
      const { id, priority = 0, userid, submitTime } = job;
      request.respond({ id, priority, userid, t_submit: submitTime });
    }
    request.respondError('ENODATA');
  }

  /** `job-manager.sched-ready`. */
  ready(request: Request): void {
    const { mode, limit } = request.json<{ mode: string; limit?: number }>();
    if (mode !== 'unlimited' && !(mode === 'limited' && Number.isInteger(limit) && limit! > 0)) {
      throw new FluxError('EPROTO', 'sched-ready: mode must be unlimited, or limited with a limit above 0');
    }
    this.#limit = mode === 'unlimited' ? Number.POSITIVE_INFINITY : limit!;
    this.#isReady = true;
    request.respond({ count: this.#waiting.size });
    this.sendMore();
  }

  add(job: Job): void {
    job.allocation = 'queued';
    this.#waiting.add(job);
    this.sendMore();
  }

  remove(job: Job): void {
    this.#waiting.delete(job);
    job.allocation = 'none';
  }

  /** Takes a request back; the answer to it comes as a cancel. */
  cancel(job: Job): void {
    this.#manager.context.flux.send('sched.cancel', { id: job.id });
  }

  free(job: Job): void {
    this.#manager.context.flux.send('sched.free', { id: job.id, R: job.R, final: true });
  }

  /** Priority of a job whose request is with the scheduler. */
  prioritize(job: Job): void {
    if (job.allocation === 'sent') {
      this.#manager.context.flux.send('sched.prioritize', { jobs: [[job.id, job.priority ?? 0]] });
    }
  }

  /** Sends what may be sent, the most urgent first. */
  sendMore(): void {
    if (!this.#isReady || this.#waiting.size === 0) return;
    const room = this.#limit - this.#sent.size;
    if (room <= 0) return;
    const started = [...this.#waiting].filter((job) => this.isStarted(queueOf(job)));
    const first = started.length > 1 ? started.sort(bySchedulingOrder) : started;
    for (const job of first.slice(0, room)) this.#send(job);
  }

  /** Takes requests back from the scheduler: their queue was stopped. */
  recall(concerns: (queue: string | undefined) => boolean): void {
    for (const job of this.#sent) if (concerns(queueOf(job))) this.cancel(job);
  }

  #send(job: Job): void {
    this.#waiting.delete(job);
    this.#sent.add(job);
    job.allocation = 'sent';
    if (job.flags & JobFlag.debug) this.#manager.record(job, 'debug.alloc-request');
    void this.#ask(job);
  }

  async #ask(job: Job): Promise<void> {
    const { flux, log } = this.#manager.context;
    const { id, priority = 0, userid, submitTime, jobspec } = job;
    const request = { id, priority, userid, t_submit: submitTime, jobspec };
    try {
      for await (const response of flux.stream<AllocationResponse>('sched.alloc', request)) {
        if (this.#take(job, response)) break;
      }
    } catch (error) {
      if (!this.#sent.has(job)) return;
      log(LogLevel.err, `sched.alloc ${printFluid(job.id)}: ${(error as Error).message}`);
      this.#lose();
    }
  }

  /** True when this was the last response to the request. */
  #take(job: Job, { type, note, annotations, R }: AllocationResponse): boolean {
    const manager = this.#manager;
    if (type === allocation.annotate) {
      if (annotations) manager.annotate(job, annotations);
      return false;
    }
    this.#sent.delete(job);
    job.allocation = 'none';
    if (type === allocation.success) {
      job.R = R as NonNullable<Job['R']>;
      if (annotations) manager.annotate(job, annotations);
      manager.post(job, 'alloc', annotations ? { annotations: job.annotations } : undefined);
    } else if (type === allocation.deny) {
      manager.clearAnnotations(job);
      manager.post(job, 'exception', {
        type: 'alloc',
        severity: 0,
        userid: Number(manager.context.attributes.get('security.owner')),
        note: note ?? 'allocation denied',
      });
    } else {
      // What the scheduler foretold for it holds no more.
      manager.clearAnnotations(job, job.state === JobState.Sched ? 'sched' : undefined);
      // It waits again if it still may, or comes to its end.
      manager.act(job);
    }
    this.sendMore();
    return true;
  }

  /** The scheduler is gone: what it had been asked waits for the next one. */
  #lose(): void {
    this.#isReady = false;
    for (const job of this.#sent) {
      job.allocation = 'queued';
      this.#waiting.add(job);
      this.#manager.clearAnnotations(job, 'sched');
    }
    this.#sent.clear();
    for (const job of [...this.#waiting]) if (job.state === JobState.Cleanup) this.#manager.act(job);
  }
}

/** The job's queue; undefined for a job that has none. */
export function queueOf({ jobspec }: Job): string | undefined {
  const { queue } = (jobspec?.attributes.system ?? {}) as { queue?: string };
  return queue;
}

export function bySchedulingOrder(a: Job, b: Job): number {
  return (b.priority ?? 0) - (a.priority ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
