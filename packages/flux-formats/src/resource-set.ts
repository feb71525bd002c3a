/** Resource sets: R version 1, RFC 20. Immutable. Which ranks there are, their hosts, cores, gpus and properties. */
import type { Constraint } from './constraint.ts';
import { printHostlist } from './hostlist.ts';
import { Idset } from './idset.ts';
import { isPropertyName, parseR } from './resource-set-parse.ts';

export interface RObject {
  version: 1;
  execution: {
    R_lite: { rank: string; children: Record<string, string> }[];
    starttime: number;
    expiration: number;
    nslots?: number;
    nodelist: string[];
    properties?: Record<string, string>;
  };
  scheduling?: unknown;
}

interface Node {
  readonly host: string | undefined;
  /** Ids of each kind of child: `core`, `gpu`. */
  readonly children: ReadonlyMap<string, Idset>;
}

export interface ResourceSetDetails {
  readonly startTime?: number;
  readonly expiration?: number;
  readonly nslots?: number | undefined;
  readonly scheduling?: unknown;
}

export class ResourceSet {
  readonly #nodes: ReadonlyMap<number, Node>;
  readonly ranks: Idset;
  /** Name of a property to the ranks that have it. */
  readonly properties: ReadonlyMap<string, Idset>;
  /** Seconds since 1970; 0 when unset. */
  readonly startTime: number;
  readonly expiration: number;
  readonly nslots: number | undefined;
  readonly scheduling: unknown;

  private constructor(
    nodes: ReadonlyMap<number, Node>,
    properties: ReadonlyMap<string, Idset>,
    details: ResourceSetDetails = {},
  ) {
    this.ranks = Idset.of(nodes.keys());
    this.#nodes = nodes;
    const kept = [...properties].map(([name, ranks]) => [name, ranks.intersect(this.ranks)] as const);
    this.properties = new Map(kept.filter(([, ranks]) => ranks.size > 0));
    this.startTime = details.startTime ?? 0;
    this.expiration = details.expiration ?? 0;
    this.nslots = details.nslots;
    this.scheduling = details.scheduling;
  }

  static empty(): ResourceSet {
    return new ResourceSet(new Map(), new Map());
  }

  /** R as parsed or as JSON text. @throws FormatError with the path of what is wrong */
  static parse(value: unknown): ResourceSet {
    const { children, hosts, properties, details } = parseR(value);
    const nodes = new Map<number, Node>();
    let position = 0;
    for (const rank of Idset.of(children.keys())) {
      nodes.set(rank, { host: hosts[position++], children: children.get(rank)! });
    }
    return new ResourceSet(nodes, properties, details);
  }

  /** A set of one node for each host, ranks from `firstRank` on, each with these cores and gpus. */
  static ofHosts(hosts: readonly string[], cores: Idset, gpus: Idset = Idset.empty, firstRank = 0): ResourceSet {
    const children = new Map([['core', cores]]);
    if (gpus.size > 0) children.set('gpu', gpus);
    return new ResourceSet(new Map(hosts.map((host, index) => [firstRank + index, { host, children }])), new Map());
  }

  /** Hosts in the order of their ranks. */
  get hosts(): string[] {
    return [...this.ranks].map((rank) => this.#nodes.get(rank)!.host).filter((host) => host !== undefined);
  }

  get nodeCount(): number {
    return this.ranks.size;
  }

  get coreCount(): number {
    return this.#count('core');
  }

  get gpuCount(): number {
    return this.#count('gpu');
  }

  host(rank: number): string | undefined {
    return this.#nodes.get(rank)?.host;
  }

  cores(rank: number): Idset {
    return this.children(rank, 'core');
  }

  gpus(rank: number): Idset {
    return this.children(rank, 'gpu');
  }

  children(rank: number, kind: string): Idset {
    return this.#nodes.get(rank)?.children.get(kind) ?? Idset.empty;
  }

  /** The nodes of these ranks. */
  pick(ranks: Idset): ResourceSet {
    return this.#derived(new Map([...this.#nodes].filter(([rank]) => ranks.has(rank))));
  }

  /** All but the nodes of these ranks. */
  remove(ranks: Idset): ResourceSet {
    return this.#derived(new Map([...this.#nodes].filter(([rank]) => !ranks.has(rank))));
  }

  union(other: ResourceSet): ResourceSet {
    const nodes = new Map(this.#nodes);
    for (const [rank, node] of other.#nodes) {
      const mine = nodes.get(rank);
      nodes.set(rank, mine ? merged(mine, node, (a, b) => a.union(b)) : node);
    }
    const properties = new Map(this.properties);
    for (const [name, ranks] of other.properties)
      properties.set(name, ranks.union(properties.get(name) ?? Idset.empty));
    return new ResourceSet(nodes, properties, this);
  }

  intersect(other: ResourceSet): ResourceSet {
    const nodes = new Map<number, Node>();
    for (const [rank, node] of this.#nodes) {
      const theirs = other.#nodes.get(rank);
      const both = theirs && merged(node, theirs, (a, b) => a.intersect(b));
      if (both && both.children.size > 0) nodes.set(rank, both);
    }
    return this.#derived(nodes);
  }

  /** What is in this set and not in the other; a node goes when nothing of it is left. */
  subtract(other: ResourceSet): ResourceSet {
    const nodes = new Map<number, Node>();
    for (const [rank, node] of this.#nodes) {
      const theirs = other.#nodes.get(rank);
      const left = theirs ? merged(node, theirs, (a, b) => a.subtract(b)) : node;
      if (left.children.size > 0) nodes.set(rank, left);
    }
    return this.#derived(nodes);
  }

  /** The ranks whose nodes fit a constraint. */
  matching(constraint: Constraint): Idset {
    const has = (rank: number) => ({ has: (name: string) => this.properties.get(name)?.has(rank) ?? false });
    const fits = (rank: number) =>
      constraint({ rank, hostname: this.#nodes.get(rank)!.host ?? '', properties: has(rank) });
    return Idset.of([...this.ranks].filter(fits));
  }

  /** The same set where these ranks, too, have a property. @throws RangeError for a name that RFC 20 forbids */
  withProperty(name: string, ranks: Idset): ResourceSet {
    if (!isPropertyName(name)) throw new RangeError(`${JSON.stringify(name)} is no name of a property`);
    const properties = new Map(this.properties);
    properties.set(name, ranks.union(properties.get(name) ?? Idset.empty));
    return new ResourceSet(this.#nodes, properties, this.#details());
  }

  withoutProperties(): ResourceSet {
    return new ResourceSet(this.#nodes, new Map(), this.#details());
  }

  /** The same nodes with ranks from `firstRank` on, in the order of the old ones. */
  remapped(firstRank = 0): ResourceSet {
    const ranks = new Map([...this.ranks].map((rank, index) => [rank, firstRank + index]));
    const nodes = new Map([...ranks].map(([rank, now]) => [now, this.#nodes.get(rank)!]));
    const move = (ids: Idset) => Idset.of([...ids].map((rank) => ranks.get(rank)!));
    const properties = new Map([...this.properties].map(([name, ids]) => [name, move(ids)]));
    return new ResourceSet(nodes, properties, this.#details());
  }

  /** Whether both have the same nodes, hosts, ids and properties; times do not count. */
  equals(other: ResourceSet): boolean {
    return this.#identity() === other.#identity();
  }

  /** The same set with other times, slots or scheduling key. */
  withDetails(details: ResourceSetDetails): ResourceSet {
    return new ResourceSet(this.#nodes, this.properties, { ...this.#details(), ...details });
  }

  toJSON(): RObject {
    interface Entry {
      ranks: number[];
      children: Record<string, string>;
    }
    const entries = new Map<string, Entry>();
    // Nodes that came in one entry share their children: most are found without printing them.
    const known = new Map<ReadonlyMap<string, Idset>, Entry>();
    for (const [rank, node] of [...this.#nodes].sort(([a], [b]) => a - b)) {
      let entry = known.get(node.children);
      if (!entry) {
        const kinds = [...node.children].sort(([a], [b]) => (a < b ? -1 : 1));
        const children = Object.fromEntries(kinds.map(([kind, ids]) => [kind, ids.toString()]));
        const key = JSON.stringify(children);
        entry = entries.get(key) ?? { ranks: [], children };
        entries.set(key, entry);
        known.set(node.children, entry);
      }
      entry.ranks.push(rank);
    }
    const hosts = this.hosts;
    const properties = Object.fromEntries([...this.properties].map(([name, ranks]) => [name, ranks.toString()]));
    return {
      version: 1,
      execution: {
        R_lite: [...entries.values()].map(({ ranks, children }) => ({ rank: Idset.of(ranks).toString(), children })),
        starttime: this.startTime,
        expiration: this.expiration,
        ...(this.nslots === undefined ? {} : { nslots: this.nslots }),
        nodelist: hosts.length > 0 ? [printHostlist(hosts)] : [],
        ...(this.properties.size > 0 ? { properties } : {}),
      },
      ...(this.scheduling === undefined ? {} : { scheduling: this.scheduling }),
    };
  }

  #derived(nodes: ReadonlyMap<number, Node>): ResourceSet {
    return new ResourceSet(nodes, this.properties, this.#details());
  }

  #identity(): string {
    const { R_lite, nodelist, properties = {} } = this.toJSON().execution;
    return JSON.stringify([R_lite, nodelist, Object.entries(properties).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  }

  #details(): ResourceSetDetails {
    const { startTime, expiration, nslots, scheduling } = this;
    return { startTime, expiration, nslots, scheduling };
  }

  #count(kind: string): number {
    let count = 0;
    for (const { children } of this.#nodes.values()) count += children.get(kind)?.size ?? 0;
    return count;
  }
}

function merged(a: Node, b: Node, combine: (a: Idset, b: Idset) => Idset): Node {
  const kinds = new Set([...a.children.keys(), ...b.children.keys()]);
  const children = new Map<string, Idset>();
  for (const kind of kinds) {
    const ids = combine(a.children.get(kind) ?? Idset.empty, b.children.get(kind) ?? Idset.empty);
    if (ids.size > 0) children.set(kind, ids);
  }
  return { host: a.host ?? b.host, children };
}
