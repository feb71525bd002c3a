// What the manager says to the service that runs jobs (flux-core: job-manager/start.c): one streaming request a job.
import { FluxError, JobState, type Request } from '@ebb/flux-client';
import { LogLevel } from '../module.ts';
import { type Job, JobFlag } from './job.ts';
import type { JobSteps } from './job-steps.ts';

interface ExecutionResponse {
  readonly type: string;
  readonly data: { status?: number; severity?: number; type?: string; note?: string; ranks?: string; final?: boolean };
}

export class Execution {
  readonly #manager: JobSteps;
  readonly #running = new Set<Job>();
  #service: string | undefined;

  constructor(manager: JobSteps) {
    this.#manager = manager;
  }

  /** `job-manager.exec-hello`: the service there is from now on. */
  hello(request: Request): void {
    const { service } = request.json<{ service?: string }>();
    if (typeof service !== 'string') throw new FluxError('EPROTO', 'exec-hello: service must be a name');
    this.#service = service;
    request.respond();
    for (const job of [...this.#manager.active]) {
      if (job.execution !== 'queued') continue;
      if (job.state === JobState.Run) this.#ask(job);
      else this.#manager.act(job);
    }
  }

  start(job: Job): void {
    job.execution = 'queued';
    if (this.#service) this.#ask(job);
  }

  /** The `expiration` of a running job's resources, seconds since 1970. */
  async expire(job: Job, expiration: number): Promise<void> {
    if (job.execution !== 'sent') return;
    await this.#manager.context.flux.rpc(`${this.#service}.expiration`, { id: job.id, expiration });
  }

  #ask(job: Job): void {
    job.execution = 'sent';
    this.#running.add(job);
    if (job.flags & JobFlag.debug) this.#manager.post(job, 'debug.start-request');
    // What was posted may have been heard by somebody who ended the job.
    if (job.execution !== 'sent') return;
    void this.#follow(job, this.#service!);
  }

  async #follow(job: Job, service: string): Promise<void> {
    const { id, userid, jobspec, R, hasStarted: reattach } = job;
    const { flux } = this.#manager.context;
    try {
      const request = { id, userid, jobspec, reattach, R };
      for await (const response of flux.stream<ExecutionResponse>(`${service}.start`, request)) {
        if (this.#take(job, response)) return;
      }
    } catch (error) {
      if (this.#running.has(job)) this.#lose((error as Error).message);
      return;
    }
    if (this.#running.has(job)) this.#lose('the stream ended');
  }

  /** True when this was the last response. */
  #take(job: Job, { type, data }: ExecutionResponse): boolean {
    const manager = this.#manager;
    switch (type) {
      case 'start':
        if (!job.hasStarted) manager.post(job, 'start');
        return false;
      case 'reattached':
        if (job.flags & JobFlag.debug) manager.post(job, 'debug.exec-reattach-finish');
        return false;
      case 'finish':
        manager.post(job, 'finish', { status: data.status ?? 0 });
        return false;
      case 'exception':
        this.#exception(job, data.type ?? 'exec', data.severity ?? 0, data.note ?? '');
        return false;
      case 'release': {
        const isFinal = data.final ?? false;
        manager.post(job, 'release', { ranks: data.ranks ?? 'all', final: isFinal });
        if (!isFinal) return false;
        this.#ended(job);
        return true;
      }
      default:
        manager.context.log(LogLevel.err, `execution of ${job.id}: unknown response ${type}`);
        return false;
    }
  }

  /** The service is gone: the jobs it ran wait for the next one, which is told that they run. */
  #lose(note: string): void {
    this.#manager.context.log(LogLevel.debug, `start: stop due to ${note}`);
    this.#service = undefined;
    const lost = [...this.#running];
    this.#running.clear();
    for (const job of lost) {
      job.execution = 'queued';
      job.reattach = job.hasStarted;
      if (job.flags & JobFlag.debug) this.#manager.record(job, 'debug.start-lost', { note });
    }
  }

  #ended(job: Job): void {
    this.#running.delete(job);
    job.reattach = false;
    job.execution = 'none';
    this.#manager.act(job);
  }

  #exception(job: Job, type: string, severity: number, note: string): void {
    const userid = Number(this.#manager.context.attributes.get('security.owner'));
    this.#manager.post(job, 'exception', { type, severity, userid, note });
  }
}
