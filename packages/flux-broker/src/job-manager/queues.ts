// Queues: which there are by the configuration, whether they take jobs and whether their jobs are scheduled
// (`flux queue`). What was set survives a restart in the key checkpoint.job-manager.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import { type Jobspec, parseJson, printJson, toFluid } from '@ebb/flux-formats';
import { LogLevel } from '../module.ts';
import type { JobManager } from './manager.ts';
import { checkLimits } from './policy-limits.ts';

const everybody = { roles: Role.Owner | Role.User };
const checkpointKey = 'checkpoint.job-manager';

interface Queue {
  readonly name: string | undefined;
  isEnabled: boolean;
  disableReason?: string;
  isStarted: boolean;
  stopReason?: string;
}

interface Checkpoint {
  version: 1;
  max_jobid: number | bigint;
  queue: { name?: string; enable: boolean; start: boolean; disable_reason?: string; stop_reason?: string }[];
}

export class Queues {
  readonly #manager: JobManager;
  #queues = new Map<string | undefined, Queue>();

  constructor(manager: JobManager) {
    this.#manager = manager;
  }

  async start(): Promise<void> {
    const { context, queue } = this.#manager;
    this.#configure(context.config());
    context.onConfig((config) => {
      this.#configure(config);
      queue.sendMore();
    });
    queue.isStarted = (name) => this.#queues.get(name)?.isStarted ?? true;
    await this.#restore();
  }

  serve(): void {
    const { flux } = this.#manager.context;
    flux.handle(
      'job-manager.queue-list',
      (request) => request.respond({ queues: [...this.#queues.keys()].filter((name) => name !== undefined) }),
      everybody,
    );
    flux.handle('job-manager.queue-status', (request) => request.respond(this.#status(request)), everybody);
    flux.handle('job-manager.queue-enable', (request) => this.#change(request, 'enable'));
    flux.handle('job-manager.queue-start', (request) => this.#change(request, 'start'));
  }

  /** @throws FluxError EINVAL for a job that no queue takes now */
  admit(jobspec: Jobspec): void {
    const name = (jobspec.attributes.system as { queue?: string }).queue;
    const queue = this.#queues.get(name);
    if (!queue) {
      if (name === undefined) throw new FluxError('EINVAL', 'no queue specified');
      throw new FluxError('EINVAL', `'${name}' is not a valid queue`);
    }
    if (!queue.isEnabled) {
      throw new FluxError('EINVAL', `job submission${name ? ` to ${name}` : ''} is disabled: ${queue.disableReason}`);
    }
    checkLimits(this.#manager.context.config(), jobspec);
  }

  get #isNamed(): boolean {
    return !this.#queues.has(undefined);
  }

  #configure(config: Record<string, unknown>): void {
    const names = Object.keys((config['queues'] as Record<string, unknown> | undefined) ?? {});
    const before = this.#queues;
    const fresh = (name: string | undefined): Queue => ({ name, isEnabled: true, isStarted: true });
    // Named queues are stopped until somebody starts them, as in flux-core.
    const named = (name: string): Queue => ({ ...fresh(name), isStarted: false, stopReason: '' });
    this.#queues =
      names.length === 0
        ? new Map([[undefined, before.get(undefined) ?? fresh(undefined)]])
        : new Map(names.map((name) => [name, before.get(name) ?? named(name)]));
  }

  #status(request: Request): object {
    const { name } = request.raw ? request.json<{ name?: string }>() : {};
    const { isEnabled, disableReason, isStarted, stopReason } = this.#named(name);
    return {
      enable: isEnabled,
      start: isStarted,
      ...(disableReason === undefined ? {} : { disable_reason: disableReason }),
      ...(stopReason ? { stop_reason: stopReason } : {}),
    };
  }

  #named(name: string | undefined): Queue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw new FluxError(
      'EINVAL',
      name === undefined ? 'Named queues are configured, queue name required' : `'${name}' is not a valid queue`,
    );
  }

  async #change(request: Request, what: 'enable' | 'start'): Promise<void> {
    const payload = request.json<{ name?: string; reason?: string; all?: boolean; [what: string]: unknown }>();
    const { name, reason = '', all = false } = payload;
    const isOn = payload[what] === true;
    if (name === undefined && this.#isNamed && !all) {
      throw new FluxError('EINVAL', 'Use --all to apply this command to all queues');
    }
    const chosen = name === undefined ? [...this.#queues.values()] : [this.#named(name)];
    for (const queue of chosen) {
      if (what === 'enable') {
        queue.isEnabled = isOn;
        if (isOn) delete queue.disableReason;
        else queue.disableReason = reason;
      } else {
        queue.isStarted = isOn;
        if (isOn) delete queue.stopReason;
        else queue.stopReason = reason;
        if (!isOn) this.#manager.queue.recall(queue.name, false);
      }
    }
    if (what === 'start' && isOn) this.#manager.queue.sendMore();
    await this.save();
    request.respond();
  }

  /** The KVS operation that keeps what must outlive the instance: the queues, and which ids were given away. */
  checkpoint(): object {
    const queue = [...this.#queues.values()].map(({ name, isEnabled, disableReason, isStarted, stopReason }) => ({
      ...(name === undefined ? {} : { name }),
      enable: isEnabled,
      start: isStarted,
      ...(disableReason === undefined ? {} : { disable_reason: disableReason }),
      ...(stopReason === undefined ? {} : { stop_reason: stopReason }),
    }));
    const checkpoint: Checkpoint = { version: 1, max_jobid: this.#manager.largestId, queue };
    const data = Buffer.from(printJson(checkpoint)).toString('base64');
    return { key: checkpointKey, flags: 0, dirent: { ver: 1, type: 'val', data } };
  }

  async save(): Promise<void> {
    const ops = [this.checkpoint()];
    await this.#manager.context.flux.rpc('kvs.commit', { namespace: 'primary', flags: 0, ops, rootref: false });
  }

  async #restore(): Promise<void> {
    try {
      const { max_jobid = 0, queue } = parseJson(await this.#manager.readText(checkpointKey)) as Checkpoint;
      const largest = toFluid(max_jobid);
      if (largest > this.#manager.largestId) this.#manager.largestId = largest;
      for (const { name, enable, start, disable_reason, stop_reason } of queue) {
        const known = this.#queues.get(name);
        if (!known) continue;
        known.isEnabled = enable;
        known.isStarted = start;
        if (disable_reason !== undefined) known.disableReason = disable_reason;
        if (stop_reason !== undefined) known.stopReason = stop_reason;
      }
    } catch (error) {
      if (error instanceof FluxError && error.code === 'ENOENT') return;
      this.#manager.context.log(LogLevel.err, `${checkpointKey}: ${(error as Error).message}`);
    }
  }
}
