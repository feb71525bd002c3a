// Queues: which there are by the configuration, whether they take jobs and whether their jobs are scheduled
// (`flux queue`). What was set survives a restart in the key checkpoint.job-manager.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import { type Jobspec, parseJson, printJson, toFluid } from '@ebb/flux-formats';
import { LogLevel } from '../module.ts';
import type { JobManager } from './manager.ts';
import { checkLimits } from './policy-limits.ts';
import { Queue, type QueueStatus, type SavedQueue } from './queue.ts';

const everybody = { roles: Role.Owner | Role.User };
const checkpointKey = 'checkpoint.job-manager';

interface Checkpoint {
  version: 1;
  max_jobid: number | bigint;
  queue: SavedQueue[];
}

interface ManagerConfig {
  'stop-queues-on-restart'?: boolean;
}

interface Change {
  name?: string;
  all: boolean;
  reason?: string;
  enable?: boolean;
  start?: boolean;
  /** The state before comes back with the next start of the instance. */
  nocheckpoint?: boolean;
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
    const { 'stop-queues-on-restart': stops = false } = (context.config()['job-manager'] ?? {}) as ManagerConfig;
    if (!stops) return;
    for (const each of this.#queues.values()) each.stop('Automatically stopped due to restart', false);
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
    const table = (config['queues'] ?? {}) as Record<string, { parent?: string }>;
    const names = Object.keys(table);
    const before = this.#queues;
    const all = names.length === 0 ? [undefined] : names;
    this.#queues = new Map(all.map((name) => [name, before.get(name) ?? new Queue(name)]));
    for (const name of names) this.#queues.get(name)!.parent = this.#parent(name, table[name]!.parent);
  }

  /** A parent that cannot be one is told of, and the queue stands alone. */
  #parent(name: string, parent: string | undefined): Queue | undefined {
    if (parent === undefined) return undefined;
    const table = this.#manager.context.config()['queues'] as Record<string, { parent?: string }>;
    const tell = (what: string): undefined => {
      this.#manager.context.log(LogLevel.err, `queue '${name}': parent queue ${what}`);
    };
    if (parent === name) return tell('is itself');
    if (!this.#queues.has(parent)) return tell(`'${parent}' is not configured`);
    if (table[parent]?.parent !== undefined) return tell(`'${parent}' is itself a virtual queue`);
    return this.#queues.get(parent);
  }

  #status(request: Request): QueueStatus {
    const { name } = request.raw ? request.json<{ name?: string }>() : {};
    return this.#named(name).status(this.#manager.queue.isReady);
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
    const payload = request.json<Change>();
    const { name, all, reason, nocheckpoint = false } = payload;
    const isOn = payload[what];
    if (typeof isOn !== 'boolean' || typeof all !== 'boolean') throw new FluxError('EPROTO');
    if (what === 'enable' && !isOn && reason === undefined) {
      throw new FluxError('EINVAL', 'reason is required for disable');
    }
    if (name === undefined && this.#isNamed && !all) {
      throw new FluxError('EINVAL', 'Use --all to apply this command to all queues');
    }
    for (const queue of name === undefined ? this.#queues.values() : [this.#named(name)]) {
      if (what === 'enable') {
        if (isOn) queue.enable();
        else queue.disable(reason!);
      } else if (isOn) queue.start(nocheckpoint);
      else {
        queue.stop(reason, nocheckpoint);
        this.#recall(queue);
      }
    }
    if (what === 'start' && isOn) this.#manager.queue.sendMore();
    await this.save();
    request.respond();
  }

  #recall(stopped: Queue): void {
    this.#manager.queue.recall((name) => {
      const queue = this.#queues.get(name);
      return queue !== undefined && stopped.covers(queue);
    });
  }

  /** The KVS operation that keeps what must outlive the instance: the queues, and which ids were given away. */
  checkpoint(): object {
    const queue = [...this.#queues.values()].map((each) => each.save());
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
      // What is no queue any more is forgotten.
      for (const saved of queue) this.#queues.get(saved.name)?.restore(saved);
    } catch (error) {
      if (error instanceof FluxError && error.code === 'ENOENT') return;
      this.#manager.context.log(LogLevel.err, `${checkpointKey}: ${(error as Error).message}`);
    }
  }
}
