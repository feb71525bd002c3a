// The module `job-exec`, on rank 0: runs jobs for the job manager.
import { FluxError, type Request } from '@ebb/flux-client';
import { ResourceSet, toFluid } from '@ebb/flux-formats';
import { type BrokerModule, LogLevel, type ModuleContext } from '../module.ts';
import { Job, type KillPolicy } from './job.ts';
import { ShellExecution } from './shell-execution.ts';
import { ManagerAnswers, startRequest } from './start-request.ts';

export function create(): BrokerModule {
  return new JobExec();
}

class JobExec implements BrokerModule {
  readonly name = 'job-exec';
  #context!: ModuleContext;
  readonly #jobs = new Map<bigint, Job>();
  readonly #policy: KillPolicy = { termSignal: 15, killSignal: 9, killTimeoutMs: 5000 };

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux } = context;
    flux.handle('job-exec.start', (request) => this.#start(request));
    flux.handle('job-exec.expiration', (request) => {
      const { id, expiration } = request.json<{ id: number | bigint; expiration: number }>();
      if (typeof expiration !== 'number' || expiration < 0) throw new FluxError('EINVAL');
      const job = this.#jobs.get(toFluid(id));
      if (!job) throw new FluxError('ENOENT');
      job.expire(expiration);
      request.respond();
    });
    await flux.subscribe('job-exception', ({ payload }) => {
      const { id, severity } = payload as { id: number | bigint; severity: number };
      if (severity === 0) this.#jobs.get(toFluid(id))?.abort();
    });
    await flux.rpc('job-manager.exec-hello', { service: 'job-exec' });
  }

  async stop(): Promise<void> {
    for (const job of this.#jobs.values()) job.stop();
  }

  #start(message: Request): void {
    const { flux, attributes } = this.#context;
    const request = startRequest(message);
    const job = new Job({
      flux,
      request,
      answers: new ManagerAnswers(message, request.id),
      hash: attributes.get('content.hash') ?? 'sha1',
      policy: this.#policy,
      execution: (complete, events) =>
        new ShellExecution(flux, complete, [...ResourceSet.parse(complete.R).ranks], events),
      log: (level, text) => this.#context.log(level, text),
      ended: () => this.#jobs.delete(request.id),
    });
    this.#jobs.set(request.id, job);
    this.#context.log(LogLevel.debug, `start ${request.id}`);
    void job.run();
  }
}
