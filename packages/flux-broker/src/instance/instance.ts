// An instance of many brokers in one process, over the same code as brokers in processes of their own: for tests,
// simulation and measurement.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Flux } from '@ebb/flux-client';
import { printHostlist } from '@ebb/flux-formats';
import { AttributeStore } from '../attributes/attribute-store.ts';
import { Broker } from '../broker.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { ConfigObject, ModuleEntry } from '../module.ts';
import { modules as allModules } from '../modules.ts';
import { type FaultyTransport, InProcessNetwork } from '../overlay/in-process-network.ts';
import { Topology } from '../overlay/topology.ts';

export interface InstanceOptions {
  size: number;
  /** K of `kary:K`; default 32. */
  fanout?: number;
  /** Any other `tbon.topo`. */
  topology?: string;
  /** Default: `cores` cores on each rank, hosts `HOSTNAME0`.. */
  config?: ConfigObject;
  /** Cores of each rank when `config` has no [resource] table; default 4. */
  cores?: number;
  /** Where rank 0 keeps what outlives it; default a directory that `stop` removes. */
  statedir?: string;
  /** Rank 0 writes its start and end into the KVS, as a broker process does. */
  startlog?: boolean;
  /** Default: all. Narrow it to what a test needs. */
  modules?: readonly ModuleEntry[];
  /** Ranks that also serve local clients, at {@link Instance.uri}. */
  socketRanks?: readonly number[];
  /** Further attributes, as with -S. */
  attributes?: Readonly<Record<string, string>>;
  /** Ranks that `startInstance` starts; default all. */
  startRanks?: readonly number[];
  hostname?(rank: number): string;
  clock?: Clock;
  /** Log lines that would go to standard error. */
  stderr?(line: string): void;
}

interface Running {
  broker: Broker;
  transport: FaultyTransport;
}

export class Instance {
  readonly size: number;
  readonly hostnames: readonly string[];
  readonly #options: InstanceOptions;
  readonly #network = new InProcessNetwork();
  readonly #topology: Topology;
  readonly #running = new Map<number, Running>();
  readonly #folder: string;
  readonly #config: ConfigObject;
  readonly #alive: NodeJS.Timeout;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.size = options.size;
    this.#topology = Topology.create(options.topology ?? `kary:${options.fanout ?? 32}`, options.size);
    const name = options.hostname ?? ((rank: number) => `node${rank}`);
    this.hostnames = Array.from({ length: options.size }, (_, rank) => name(rank));
    const { config = {}, cores = 4 } = options;
    this.#config = config['resource'] ? config : { ...config, resource: resourceTable(this.hostnames, cores) };
    this.#folder = mkdtempSync(join(tmpdir(), 'flux-instance-'));
    // Brokers wait without keeping a process alive; an instance that runs does.
    this.#alive = setInterval(() => {}, 2 ** 30);
  }

  /** The broker of a rank that runs. */
  broker(rank: number): Broker {
    const running = this.#running.get(rank);
    if (!running) throw new Error(`rank ${rank} is not running`);
    return running.broker;
  }

  /** What FLUX_URI is for clients at this rank. */
  uri(rank: number): string {
    return `local://${this.#socket(rank)}`;
  }

  isRunning(rank: number): boolean {
    return this.#running.has(rank);
  }

  /** A new handle at a rank, with the owner's rights. */
  flux(rank: number): Flux {
    return this.broker(rank).connect();
  }

  /** Starts the broker of a rank; it joins in its own time. */
  start(rank: number): Broker {
    if (this.#running.has(rank)) throw new Error(`rank ${rank} is already running`);
    const transport = this.#network.transport();
    const broker = this.#make(rank, transport);
    this.#running.set(rank, { broker, transport });
    broker.machine.observe((state) => {
      if (state === 'exit' && this.#running.get(rank)?.broker === broker) this.#running.delete(rank);
    });
    broker.start();
    return broker;
  }

  /** The rank is gone at once, as with kill -9. */
  kill(rank: number): void {
    const { broker, transport } = this.#take(rank);
    transport.crash();
    broker.die();
  }

  /** The rank is gone, and nobody can tell yet: its machine lost power and no packet says so. */
  vanish(rank: number): void {
    const { broker, transport } = this.#take(rank);
    transport.vanish();
    broker.die();
  }

  /** The rank leaves in order, with all that is below it. Resolves when it is gone. */
  async shutdown(rank: number): Promise<void> {
    const { broker } = this.#running.get(rank)!;
    broker.lifecycle.terminate();
    await broker.lifecycle.reached('exit');
  }

  /** Makes a rank silent without ending it, or lets it speak again. */
  hold(rank: number, isHeld: boolean): void {
    this.#running.get(rank)!.transport.hold(isHeld);
  }

  /** Resolves when every running broker is in state run. */
  async ready(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ broker }) => broker.lifecycle.reached('run')));
  }

  /** Ends the whole instance in order and removes what it left on disk. */
  async stop(): Promise<void> {
    const leader = this.#running.get(0);
    if (leader) await this.shutdown(0);
    for (const rank of [...this.#running.keys()]) this.kill(rank);
    clearInterval(this.#alive);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #socket(rank: number): string {
    return join(this.#folder, `local-${rank}`);
  }

  #take(rank: number): Running {
    const running = this.#running.get(rank);
    if (!running) throw new Error(`rank ${rank} is not running`);
    this.#running.delete(rank);
    return running;
  }

  #make(rank: number, transport: FaultyTransport): Broker {
    const { size, clock = systemClock } = this.#options;
    const attributes = new AttributeStore();
    for (const [name, value] of Object.entries(this.#options.attributes ?? {})) attributes.set(name, value);
    if (this.#options.statedir === undefined) attributes.set('statedir-cleanup', '1');
    const parent = this.#topology.parent(rank);
    return new Broker({
      rank,
      size,
      hostname: this.hostnames[rank]!,
      hostnames: this.hostnames,
      topology: this.#topology,
      attributes,
      config: this.#config,
      clock,
      transport,
      neighbours: {
        bind: this.#topology.children(rank).length > 0 ? `inproc://rank-${rank}` : undefined,
        meet: async () => (parent < 0 ? {} : { parent: `inproc://rank-${parent}` }),
      },
      localSocket: this.#options.socketRanks?.includes(rank) ? this.#socket(rank) : undefined,
      modules: this.#options.modules ?? allModules,
      rundir: join(this.#folder, String(rank)),
      statedir: rank === 0 ? (this.#options.statedir ?? this.#folder) : undefined,
      startlog: this.#options.startlog,
      userid: process.getuid?.() ?? 0,
      stderr: this.#options.stderr,
    });
  }
}

/** A [resource] table that says what each host has, so that nothing is asked of the machine. */
function resourceTable(hostnames: readonly string[], cores: number): ConfigObject {
  const ids = cores === 1 ? '0' : `0-${cores - 1}`;
  return { noverify: true, config: [{ hosts: printHostlist(hostnames), cores: ids }] };
}

/** Starts an instance in this process; {@link Instance.ready} tells when it runs. */
export function startInstance(options: InstanceOptions): Instance {
  const instance = new Instance(options);
  const ranks = options.startRanks ?? Array.from({ length: options.size }, (_, rank) => rank);
  for (const rank of ranks) instance.start(rank);
  return instance;
}
