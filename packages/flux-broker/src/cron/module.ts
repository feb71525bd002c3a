// The module `cron`: runs commands at times and at events (`flux cron`). Rank 0.
import { FluxError, type Request } from '@ebb/flux-client';
import { parseDuration } from '@ebb/flux-formats';
import { type BrokerModule, LogLevel, type ModuleContext } from '../module.ts';
import { CronEntry, type EntryOptions } from './entry.ts';

export function create(): BrokerModule {
  return new Cron();
}

/** So many seconds after the event to which tasks are synchronized, a task still runs at once. */
const defaultEpsilon = 0.015;

class Cron implements BrokerModule {
  readonly name = 'cron';
  #context!: ModuleContext;
  #nextId = 1;
  readonly #entries = new Map<number, CronEntry>();
  #sync: { readonly topic: string; readonly stop: Promise<() => Promise<void>> } | undefined;
  #lastSync = 0;
  #epsilon = defaultEpsilon;
  // Runs that wait for the event that all tasks are synchronized to.
  #deferred: (() => void)[] = [];

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux } = context;
    for (const argument of context.args) {
      const [key, value = ''] = argument.split(/=(.*)/s) as [string, string?];
      if (key === 'sync') this.#synchronize(value);
      else if (key === 'sync_epsilon') this.#epsilon = parseDuration(value);
      else throw new FluxError('EINVAL', `Unknown option '${argument}'`);
    }
    const onEntry = (method: string, act: (entry: CronEntry, request: Request) => void) =>
      flux.handle(`cron.${method}`, (request) => {
        const entry = this.#entries.get(Number(request.json()['id']));
        if (!entry) throw new FluxError('ENOENT');
        const before = entry.print();
        act(entry, request);
        request.respond(method === 'delete' ? before : entry.print());
      });
    flux.handle('cron.create', (request) => this.#create(request));
    flux.handle('cron.list', (request) => {
      request.respond({ entries: [...this.#entries.values()].map((entry) => entry.print()) });
    });
    onEntry('start', (entry) => entry.start());
    onEntry('stop', (entry) => entry.stop());
    onEntry('delete', (entry, request) => {
      entry.destroy(request.json()['kill'] === true);
    });
    flux.handle('cron.sync', (request) => this.#setSync(request));
  }

  async stop(): Promise<void> {
    this.#unsynchronize();
    for (const entry of this.#entries.values()) entry.destroy(true);
  }

  #create(request: Request): void {
    const { type, name, command, args, ...options } = request.json();
    if (typeof type !== 'string' || typeof name !== 'string' || typeof command !== 'string' || !isObject(args)) {
      throw new FluxError('EPROTO');
    }
    const entry = new CronEntry(
      { id: this.#nextId, type, name, command, args, ...(options as Partial<EntryOptions>) },
      { ...this.#host(), forget: (id) => this.#entries.delete(id) },
    );
    this.#nextId++;
    this.#entries.set(entry.id, entry);
    entry.start();
    request.respond(entry.print());
  }

  #host() {
    const { flux, clock } = this.#context;
    const log = (level: keyof typeof LogLevel, text: string) => this.#context.log(LogLevel[level], text);
    return { flux, clock, log, defer: (id: number, run: () => void) => this.#defer(id, run) };
  }

  /** Runs at once, or with the next event that tasks are synchronized to; false for the latter. */
  #defer(id: number, run: () => void): boolean {
    const sinceSync = this.#context.clock.now() / 1000 - this.#lastSync;
    if (!this.#sync || sinceSync < this.#epsilon) {
      run();
      return true;
    }
    this.#context.log(LogLevel.debug, `deferring cron-${id} to next ${this.#sync.topic} event`);
    this.#deferred.push(run);
    return false;
  }

  #setSync(request: Request): void {
    const { topic, disable, sync_epsilon: epsilon } = request.json();
    if (typeof topic === 'string' || disable === true) this.#unsynchronize();
    if (typeof topic === 'string') this.#synchronize(topic);
    if (typeof epsilon === 'number') this.#epsilon = epsilon;
    if (this.#sync) {
      request.respond({ sync_event: this.#sync.topic, sync_epsilon: this.#epsilon });
    } else {
      this.#runDeferred();
      request.respond({ sync_disabled: true });
    }
  }

  #synchronize(topic: string): void {
    this.#context.log(LogLevel.info, `synchronizing cron tasks to event ${topic}`);
    const stop = this.#context.flux.subscribe(topic, () => {
      this.#lastSync = this.#context.clock.now() / 1000;
      this.#runDeferred();
    });
    stop.catch(() => {});
    this.#sync = { topic, stop };
  }

  #unsynchronize(): void {
    this.#sync?.stop.then((unsubscribe) => unsubscribe()).catch(() => {});
    this.#sync = undefined;
  }

  #runDeferred(): void {
    for (const run of this.#deferred.splice(0)) run();
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
