// What a broker is made from. Everything from outside (network, time, disk, processes) comes in here.
import type { AttributeStore } from './attributes/attribute-store.ts';
import type { Clock } from './clock.ts';
import type { ConfigObject, ModuleEntry } from './module.ts';
import type { Topology } from './overlay/topology.ts';
import type { OverlayTransport } from './overlay/transport.ts';
import type { RunFlux } from './run/content-archive.ts';

/** Runs the initial program (rc2) and reports how it ended. */
export interface InitialProgram {
  /** Resolves with the exit code: 128+signal for one that was killed. */
  run(environment: Readonly<Record<string, string>>): Promise<number>;
  /** Asks it to end; SIGHUP first, as `flux shutdown` does. */
  abort(): void;
  /** What ran and how it ended, once it has: `sh -c false Exited`. */
  readonly ended?: string | undefined;
}

/** How this broker finds its neighbours. */
export interface Neighbours {
  /** Where to listen for children; undefined without children. */
  bind?: string | undefined;
  ipv6?: boolean;
  /** Given the endpoint that was bound, learns where the parent listens. */
  meet(bound: string | undefined): Promise<{
    /** What `tbon.endpoint` shows; by default what was bound. */
    advertise?: string | undefined;
    /** Undefined at rank 0. */
    parent?: string | undefined;
    /** The parent's CURVE key where it has one of its own. */
    parentKey?: string | undefined;
  }>;
}

export interface BrokerOptions {
  rank: number;
  size: number;
  uuid?: string;
  hostname: string;
  /** Host names in rank order. */
  hostnames: readonly string[];
  topology: Topology;
  attributes: AttributeStore;
  config: ConfigObject;
  /** Reads the configuration again for `flux config reload`. */
  readConfig?: (() => ConfigObject) | undefined;
  clock: Clock;
  /** Undefined for a broker that is alone. */
  transport?: OverlayTransport | undefined;
  neighbours: Neighbours;
  /** Local socket path; undefined serves no local clients. */
  localSocket?: string | undefined;
  modules: readonly ModuleEntry[];
  rundir: string;
  statedir: string | undefined;
  userid: number;
  program?: InitialProgram | undefined;
  /** Rank 0 writes its start and end into the KVS, for `flux startlog`. */
  startlog?: boolean | undefined;
  /** Runs a flux command at this broker. Without it content.restore and content.dump do nothing. */
  runFlux?: RunFlux | undefined;
  stderr?: ((line: string) => void) | undefined;
  logFile?: ((line: string) => void) | undefined;
}
