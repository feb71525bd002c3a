// The resource service on rank 0.
import { type Flux, FluxError, type Request } from '@ebb/flux-client';
import { type EventlogEntry, Idset, parseHostlist, printHostlist, type ResourceSet } from '@ebb/flux-formats';
import { LogLevel, type ModuleContext } from '../module.ts';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import { Acquire } from './acquire.ts';
import type { RankState } from './availability.ts';
import { Discovery, discoverHost } from './discovery.ts';
import { type DrainMode, DrainRefusal, DrainState } from './drain-state.ts';
import { Journal } from './journal.ts';
import { Monitor } from './monitor.ts';
import { type ParentResources, parentResources } from './parent-resources.ts';
import { replayDrains } from './replay.ts';
import { type ResourceConfig, readR, readResourceConfig } from './resource-config.ts';
import { ResourceStatus } from './status.ts';
import { ResourceStore } from './store.ts';
import { parseTargets } from './targets.ts';
import { topologyXml } from './topology-xml.ts';
import { verifies, verifyHost } from './verify.ts';

const drainLevels: Readonly<Record<DrainMode, number>> = { update: 0, overwrite: 1, 'force-overwrite': 2 };

export class LeaderResource {
  readonly #context: ModuleContext;
  readonly #flux: Flux;
  readonly #hostnames: readonly string[];
  readonly #drains = new DrainState();
  readonly #store: ResourceStore;
  readonly #acquire: Acquire;
  readonly #status: ResourceStatus;
  readonly #config: ResourceConfig;
  #journal!: Journal;
  #monitor!: Monitor;
  #resources: ResourceSet | undefined;
  #method = '';
  #exclude = Idset.of([]);
  #discovery: Discovery | undefined;
  #parent: ParentResources | undefined;

  constructor(context: ModuleContext) {
    this.#context = context;
    this.#flux = context.flux;
    this.#hostnames = parseHostlist(context.attributes.get('hostlist')!);
    this.#config = readResourceConfig(context.config(), this.#hostnames);
    this.#store = new ResourceStore(context.flux);
    this.#acquire = new Acquire(
      () => this.#resources,
      () => this.#state(),
    );
    this.#status = new ResourceStatus({
      flux: context.flux,
      resources: () => this.#resources,
      drains: this.#drains,
      state: () => this.#state(),
      size: context.size,
    });
  }

  async start(): Promise<void> {
    const { size, args, clock, log } = this.#context;
    this.#context.onConfig((config) => {
      const read = readResourceConfig(config, this.#hostnames);
      this.#journal.setLimit(read.journalMax);
    });
    const history = await this.#store.readEvents();
    this.#journal = new Journal(history, {
      now: () => clock.now(),
      limit: this.#config.journalMax,
      store: (line) => this.#store.appendEvent(line),
      resources: () => this.#resources?.toJSON(),
    });
    this.#journal.onEvent((event) => this.#applied(event));
    this.#resources = this.#config.R;
    this.#method = 'configuration';
    if (!this.#resources) {
      this.#resources = await this.#store.readR();
      this.#method = 'kvs';
    }
    if (!this.#resources) await this.#askParent();
    if (this.#config.exclude !== undefined) this.#exclude = this.#parseExclude(this.#config.exclude);
    replayDrains(this.#drains, history, await this.#store.readCheckpoint(), this.#hostnames);
    await this.#undrainExcluded();
    this.#monitor = new Monitor({
      flux: this.#flux,
      size: Math.max(size, this.#resources?.nodeCount ?? 0),
      post: (name, ranks) => void this.#journal.post(name, { idset: ranks.toString() }, { isStored: false }),
      onError: (text) => log(LogLevel.crit, text),
      forceUp: args.includes('monitor-force-up'),
    });
    await this.#monitor.start();
    const ranks = Idset.range(0, size - 1).toString();
    const restart = { ranks, online: this.#monitor.online.toString(), nodelist: printHostlist(this.#hostnames) };
    void this.#journal.post('restart', restart, { isStored: false });
    this.#serve();
    if (this.#resources) await this.#define(this.#resources, this.#method);
    else this.#discover();
    this.#parent?.follow((expiration) => {
      this.#expire(expiration).catch((error: Error) => log(LogLevel.err, `resource-update: ${error.message}`));
    });
    await this.#verifyOwnHost();
  }

  /** An instance within a job has what the job has. */
  async #askParent(): Promise<void> {
    const { attributes, log } = this.#context;
    try {
      this.#parent = await parentResources(attributes, this.#hostnames);
    } catch (error) {
      log(LogLevel.err, `lookup R from enclosing instance KVS: ${(error as Error).message}`);
      return;
    }
    this.#resources = this.#parent?.resources;
    if (this.#resources) this.#method = 'job-info';
  }

  async stop(): Promise<void> {
    await this.#parent?.stop();
    this.#acquire.close();
    this.#monitor?.stop();
    await this.#journal?.close();
    const state = this.#drains.show();
    const withHosts = Object.entries(state).map(([ranks, info]) => {
      return [ranks, { ...info, nodelist: this.#hosts(Idset.parse(ranks)) }];
    });
    await this.#store.checkpoint(this.#context.clock.now() / 1000, Object.fromEntries(withHosts));
  }

  #serve(): void {
    const owner: Record<string, (request: Request) => void | Promise<void>> = {
      drain: (request) => this.#drain(request),
      undrain: (request) => this.#undrain(request),
      acquire: (request) => this.#acquire.start(request),
      'acquire-cancel': (request) => this.#acquire.cancel(request),
      'acquire-mute': (request) => {
        this.#acquire.mute();
        request.respond();
      },
      journal: (request) => this.#journal.watch(request),
      'journal-cancel': (request) => this.#journal.cancel(request),
      'monitor-waitup': (request) => this.#monitor.waitUp(request),
      'monitor-force-down': (request) => this.#monitor.forceDown(request),
      reload: (request) => this.#reload(request),
      'expiration-update': (request) => this.#updateExpiration(request),
      'topo-reduce': (request) => this.#discovery?.add(request.json()),
      get: (request) => {
        if (!this.#resources) throw new FluxError('ENOENT');
        request.respond({ R: this.#resources.toJSON(), method: this.#method });
      },
    };
    const guests: Record<string, (request: Request) => void | Promise<void>> = {
      status: (request) => this.#status.status(request),
      'sched-status': (request) => this.#status.schedStatus(request),
      'topo-get': (request) => request.respondRaw(Buffer.from(`${topologyXml()}\0`)),
      disconnect: (request) => {
        this.#acquire.disconnect(request);
        this.#journal.disconnect(request);
      },
    };
    for (const [method, handle] of Object.entries(owner)) this.#flux.handle(`resource.${method}`, handle, ownerOnly);
    for (const [method, handle] of Object.entries(guests)) this.#flux.handle(`resource.${method}`, handle, alsoGuests);
  }

  #state(): RankState {
    const { online, torpid, lost } = this.#monitor;
    const shrinks = this.#method !== 'configuration';
    return { online, torpid, lost, drained: this.#drains.ranks, exclude: this.#exclude, shrinks };
  }

  async #define(resources: ResourceSet, method: string): Promise<void> {
    this.#resources = resources;
    this.#method = method;
    await this.#store.writeR(resources);
    await this.#journal.post('resource-define', { method }, { isStored: true });
  }

  /** Followers check their hosts themselves and ask for the drain. */
  async #verifyOwnHost(): Promise<void> {
    const { noverify, verify } = this.#config;
    if (!this.#resources || !verifies(verify, noverify, this.#method)) return;
    const problem = verifyHost(this.#resources, discoverHost(0, this.#hostnames[0]!), verify);
    if (problem === undefined) return;
    this.#context.log(LogLevel.err, problem);
    const rank = Idset.of([0]);
    const timestamp = this.#context.clock.now() / 1000;
    this.#drains.drain(rank, timestamp, problem, 0);
    const context = { idset: '0', nodelist: this.#hosts(rank), reason: problem, overwrite: 0 };
    await this.#journal.post('drain', context, { isStored: true, timestamp });
  }

  /** Nothing says what there is: every broker is asked. */
  #discover(): void {
    this.#discovery = new Discovery(this.#context.size, (resources) => {
      void this.#define(resources, 'dynamic-discovery').catch((error: Error) => {
        this.#context.log(LogLevel.err, `resource-define: ${error.message}`);
      });
    });
    this.#discovery.addOwn(0, this.#hostnames[0]!);
  }

  #applied(event: EventlogEntry): void {
    this.#status.forget();
    if (event.name === 'resource-define') this.#acquire.defined();
    else if (event.name === 'resource-update') {
      const expiration = event.context?.['expiration'];
      if (typeof expiration === 'number') this.#acquire.expires(expiration);
    } else this.#acquire.changed();
  }

  #parseExclude(targets: string): Idset {
    const ranks = parseTargets(targets, this.#resources);
    if ((ranks.last() ?? 0) >= this.#context.size) throw new Error(`exclude set ${targets} is out of range`);
    return ranks;
  }

  /** An excluded rank that was drained starts undrained when it is let in again. */
  async #undrainExcluded(): Promise<void> {
    const ranks = this.#drains.ranks.intersect(this.#exclude);
    if (ranks.size === 0) return;
    this.#drains.undrain(ranks);
    const context = { idset: ranks.toString(), nodelist: this.#hosts(ranks) };
    await this.#journal.post('undrain', context, { isStored: true });
  }

  async #drain(request: Request): Promise<void> {
    const { targets, reason, mode } = request.json<{ targets: string; reason?: string; mode?: DrainMode }>();
    const ranks = this.#targets(targets);
    const overwrite = mode === undefined ? 0 : drainLevels[mode];
    if (overwrite === undefined) throw new FluxError('EINVAL', 'Invalid mode specified');
    if (mode === undefined) refuse(() => this.#drains.check(ranks, this.#exclude));
    const timestamp = this.#context.clock.now() / 1000;
    this.#drains.drain(ranks, timestamp, reason, overwrite);
    const idset = ranks.toString();
    const nodelist = this.#hosts(ranks);
    const given = reason === undefined ? {} : { reason };
    await this.#journal.post('drain', { idset, nodelist, ...given, overwrite }, { isStored: true, timestamp });
    const text = `drain idset=${idset} nodelist=${nodelist} overwrite=${overwrite} reason=${reason ?? ''}`;
    this.#context.log(LogLevel.info, text);
    request.respond();
  }

  async #undrain(request: Request): Promise<void> {
    const { targets, reason, mode } = request.json<{ targets: string; reason?: string; mode?: DrainMode }>();
    const ranks = this.#targets(targets);
    const overwrite = mode === undefined ? 0 : drainLevels[mode];
    if (overwrite === undefined) throw new FluxError('EINVAL', `invalid undrain mode '${mode}' specified`);
    if (mode === undefined) refuse(() => this.#drains.checkUndrain(ranks));
    this.#drains.undrain(ranks);
    const nodelist = this.#hosts(ranks);
    const given = reason === undefined ? {} : { reason };
    const context = { idset: ranks.toString(), nodelist, overwrite, ...given };
    await this.#journal.post('undrain', context, { isStored: true });
    const text = `undrain idset=${targets} nodelist=${nodelist} overwrite=${overwrite} reason=${reason ?? ''}`;
    this.#context.log(LogLevel.info, text);
    request.respond();
  }

  #targets(targets: string): Idset {
    if (typeof targets !== 'string') throw new FluxError('EPROTO');
    let ranks: Idset;
    try {
      ranks = parseTargets(targets, this.#resources);
    } catch (error) {
      throw new FluxError('EINVAL', (error as Error).message);
    }
    if (ranks.size === 0) throw new FluxError('EINVAL', 'idset is empty');
    const size = Math.max(this.#context.size, this.#resources?.nodeCount ?? 0);
    if (ranks.last()! >= size) throw new FluxError('EINVAL', 'idset is out of range');
    return ranks;
  }

  async #reload(request: Request): Promise<void> {
    const { path, xml, force } = request.json<{ path: string; xml: boolean; force: boolean }>();
    if (xml) throw new FluxError('ENOTSUP', 'reloading from hwloc XML is not supported; give a file with R');
    let resources: ResourceSet;
    try {
      resources = readR(path);
    } catch (error) {
      throw new FluxError('EINVAL', (error as Error).message);
    }
    const { size } = this.#context;
    if ((resources.ranks.last() ?? 0) >= size && !force) {
      throw new FluxError('EINVAL', `resource object contains ranks execeeding size=${size} (override with -f))`);
    }
    if (this.#acquire.clientCount > 0) throw new FluxError('EBUSY', 'resources are busy (unload scheduler?)');
    await this.#define(resources, 'reload');
    request.respond();
  }

  async #updateExpiration(request: Request): Promise<void> {
    const { expiration } = request.json<{ expiration: number }>();
    if (!this.#resources) throw new FluxError('ENOENT');
    await this.#expire(expiration);
    request.respond();
  }

  async #expire(expiration: number): Promise<void> {
    if (!this.#resources) return;
    this.#resources = this.#resources.withDetails({ expiration });
    await this.#store.writeR(this.#resources);
    await this.#journal.post('resource-update', { expiration }, { isStored: true });
  }

  #hosts(ranks: Idset): string {
    return printHostlist([...ranks].map((rank) => this.#hostnames[rank] ?? this.#resources?.host(rank) ?? `${rank}`));
  }
}

function refuse(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof DrainRefusal) throw new FluxError(error.code, error.message);
    throw error;
  }
}
