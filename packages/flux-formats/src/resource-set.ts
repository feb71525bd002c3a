/** Resource sets: R version 1, RFC 20. Immutable. Which ranks there are, their hosts, cores, gpus and properties. */
import { FormatError } from './format-error.ts';
import { parseHostlist, printHostlist } from './hostlist.ts';
import { Idset } from './idset.ts';

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

  /** @throws FormatError naming the part of R that is wrong */
  static parse(value: unknown): ResourceSet {
    const object = typeof value === 'string' ? parseText(value) : value;
    const fail = (problem: string) => new FormatError('R', JSON.stringify(object) ?? String(object), problem);
    const r = object as Partial<RObject> | null;
    if (typeof r !== 'object' || r === null) throw fail('must be an object');
    if (r.version !== 1) throw fail('version must be 1');
    const execution = r.execution;
    if (typeof execution !== 'object' || execution === null) throw fail('execution must be an object');
    if (!Array.isArray(execution.R_lite)) throw fail('execution.R_lite must be an array');
    const children = new Map<number, Map<string, Idset>>();
    for (const [index, entry] of execution.R_lite.entries()) {
      const where = `execution.R_lite[${index}]`;
      if (typeof entry?.rank !== 'string' && typeof entry?.rank !== 'number')
        throw fail(`${where}.rank must be an idset`);
      if (typeof entry.children !== 'object' || entry.children === null)
        throw fail(`${where}.children must be an object`);
      const kinds = new Map(Object.entries(entry.children).map(([kind, ids]) => [kind, Idset.parse(String(ids))]));
      for (const rank of Idset.parse(String(entry.rank))) {
        if (children.has(rank)) throw fail(`${where}: rank ${rank} stands in another entry too`);
        children.set(rank, kinds);
      }
    }
    const hosts = (execution.nodelist ?? []).flatMap((list) => parseHostlist(list));
    const ranks = Idset.of(children.keys());
    if (hosts.length > 0 && hosts.length !== ranks.size) {
      throw fail(`execution.nodelist has ${hosts.length} hosts for ${ranks.size} ranks`);
    }
    const nodes = new Map<number, Node>();
    let position = 0;
    for (const rank of ranks) nodes.set(rank, { host: hosts[position++], children: children.get(rank)! });
    const properties = Object.entries(execution.properties ?? {}).map(
      ([name, ids]) => [name, Idset.parse(ids)] as const,
    );
    return new ResourceSet(nodes, new Map(properties), {
      startTime: Number(execution.starttime ?? 0),
      expiration: Number(execution.expiration ?? 0),
      nslots: execution.nslots,
      scheduling: r.scheduling,
    });
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

  /** The same set with other times, slots or scheduling key. */
  withDetails(details: ResourceSetDetails): ResourceSet {
    return new ResourceSet(this.#nodes, this.properties, { ...this.#details(), ...details });
  }

  toJSON(): RObject {
    const entries = new Map<string, { ranks: number[]; children: Record<string, string> }>();
    for (const rank of this.ranks) {
      const children = Object.fromEntries(
        [...this.#nodes.get(rank)!.children].map(([kind, ids]) => [kind, ids.toString()]),
      );
      const key = JSON.stringify(children);
      const entry = entries.get(key);
      if (entry) entry.ranks.push(rank);
      else entries.set(key, { ranks: [rank], children });
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

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError('R', text, error instanceof Error ? error.message : 'is not JSON');
  }
}
