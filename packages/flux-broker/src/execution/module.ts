// The module `job-exec`, on rank 0: runs jobs for the job manager.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import { Idset, printFluid, signalName, toFluid } from '@ebb/flux-formats';
import type { BrokerModule, ModuleContext } from '../module.ts';
import { type ExecConfig, effectiveMaxKillTimeout, execConfig } from './exec-config.ts';
import { Job } from './job.ts';
import { ManagerAnswers, startRequest } from './start-request.ts';

export function create(): BrokerModule {
  return new JobExec();
}

class JobExec implements BrokerModule {
  readonly name = 'job-exec';
  #context!: ModuleContext;
  #config!: ExecConfig;
  readonly #jobs = new Map<bigint, Job>();

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux, args } = context;
    this.#config = execConfig(context.config(), args);
    context.onConfig((config) => {
      this.#config = execConfig(config, args);
    });
    flux.handle('job-exec.start', (request) => this.#start(request));
    flux.handle('job-exec.expiration', (request) => {
      const { expiration } = request.json<{ expiration?: number }>();
      if (typeof expiration !== 'number' || expiration < 0) {
        throw new FluxError('EINVAL', 'job-exec.expiration: expiration must be 0 or more seconds since 1970');
      }
      this.#job(request).expire(expiration);
      request.respond();
    });
    const roles = Role.Owner | Role.User;
    flux.handle('job-exec.critical-ranks', (request) => this.#setCritical(request), { roles });
    flux.handle('job-exec.override', (request) => this.#override(request), { roles });
    flux.handle('job-exec.stats-get', (request) => request.respond(this.#stats()));
    await flux.subscribe('job-exception', ({ payload }) => {
      const { id, severity, wait_status } = payload as { id: number | bigint; severity: number; wait_status?: number };
      if (severity === 0) this.#jobs.get(toFluid(id))?.abort(wait_status);
    });
    // Shells of a rank 0 that is no more have nobody to report to.
    await flux.publish('job-shell.clear');
    await flux.rpc('job-manager.exec-hello', { service: 'job-exec' });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.leave()));
  }

  #start(message: Request): void {
    const { flux, attributes } = this.#context;
    const request = startRequest(message);
    const answers = new ManagerAnswers(message, request.id);
    try {
      const job = new Job({
        flux,
        request,
        answers,
        hash: attributes.get('content.hash') ?? 'sha1',
        config: this.#config,
        log: (level, text) => this.#context.log(level, text),
        ended: () => this.#jobs.delete(request.id),
      });
      this.#jobs.set(request.id, job);
      void job.run();
    } catch (error) {
      answers.exception('exec', 0, (error as Error).message);
      answers.release();
    }
  }

  /** @throws FluxError ENOENT for a job that is not in execution */
  #job(request: Request): Job {
    const { id } = request.json<{ id: number | bigint }>();
    const job = this.#jobs.get(toFluid(id));
    if (!job) throw new FluxError('ENOENT');
    return job;
  }

  #setCritical(request: Request): void {
    const job = this.#job(request);
    request.authorize(job.request.userid);
    job.criticalShells = Idset.parse(request.json<{ ranks: string }>().ranks);
    request.respond();
  }

  #override(request: Request): void {
    const { event, jobid, status = 0 } = request.json<{ event: string; jobid: number | bigint; status?: number }>();
    const job = this.#jobs.get(toFluid(jobid));
    if (!job) throw new FluxError('ENOENT', 'Job not found');
    if (request.userid !== job.request.userid) throw new FluxError('EPERM', 'Permission denied');
    job.override(event, status);
    request.respond();
  }

  #stats(): Record<string, unknown> {
    const config = this.#config;
    const owner = Number(this.#context.attributes.get('security.owner'));
    const jobs = [...this.#jobs].map(([id, job]) => [printFluid(id), job.stats(owner)] as const);
    return {
      method: 'bulk-exec',
      'kill-timeout': config.killTimeout,
      'term-signal': signalName(config.termSignal),
      'kill-signal': signalName(config.killSignal),
      'max-kill-count': config.maxKillCount,
      'max-kill-timeout': config.maxKillTimeout ?? -1,
      'effective-max-kill-timeout': effectiveMaxKillTimeout(config),
      jobs: Object.fromEntries(jobs),
    };
  }
}
