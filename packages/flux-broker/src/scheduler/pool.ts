// What is free on which rank, and where a job's slots go. Changes only by take and release (flux-core 0.88: Rv1Pool).
import { type Constraint, Idset, matchConstraint, type ResourceSet } from '@ebb/flux-formats';

/** What a job asks for. */
export interface Demand {
  /** 0: any number of nodes. */
  readonly nodes: number;
  readonly slots: number;
  /** At least 1. */
  readonly coresPerSlot: number;
  readonly gpusPerSlot: number;
  readonly isExclusive: boolean;
  readonly constraint: Constraint | undefined;
}

/** Cores and gpus of one rank. */
export interface Share {
  readonly cores: Idset;
  readonly gpus: Idset;
}

export type Allocation = ReadonlyMap<number, Share>;

interface Node {
  readonly rank: number;
  readonly host: string;
  readonly properties: ReadonlySet<string>;
  readonly cores: Idset;
  readonly gpus: Idset;
  freeCores: Idset;
  freeGpus: Idset;
  isUp: boolean;
}

export class Pool {
  readonly #nodes = new Map<number, Node>();
  /** Free cores of ranks that are up: when they do not suffice, no rank need be looked at. */
  #freeCores = 0;

  constructor(resources: ResourceSet) {
    for (const rank of resources.ranks) {
      const cores = resources.cores(rank);
      const gpus = resources.gpus(rank);
      const properties = new Set([...resources.properties].flatMap(([name, ranks]) => (ranks.has(rank) ? [name] : [])));
      const host = resources.host(rank) ?? '';
      const free = { freeCores: cores, freeGpus: gpus, isUp: false };
      this.#nodes.set(rank, { rank, host, properties, cores, gpus, ...free });
    }
  }

  get freeCores(): number {
    return this.#freeCores;
  }

  setUp(ranks: Idset, isUp: boolean): void {
    for (const rank of ranks) {
      const node = this.#nodes.get(rank);
      if (!node || node.isUp === isUp) continue;
      node.isUp = isUp;
      this.#freeCores += isUp ? node.freeCores.size : -node.freeCores.size;
    }
  }

  /** The ranks are there no more and never will be. */
  remove(ranks: Idset): void {
    this.setUp(ranks, false);
    for (const rank of ranks) this.#nodes.delete(rank);
  }

  /** Takes what a job has been given; ranks that are not there any more are passed over. */
  take(allocation: Allocation): void {
    for (const [rank, { cores, gpus }] of allocation) {
      const node = this.#nodes.get(rank);
      if (node) this.#setFree(node, node.freeCores.subtract(cores), node.freeGpus.subtract(gpus));
    }
  }

  release(allocation: Allocation): void {
    for (const [rank, { cores, gpus }] of allocation) {
      const node = this.#nodes.get(rank);
      if (!node) continue;
      const freeGpus = node.freeGpus.union(gpus.intersect(node.gpus));
      this.#setFree(node, node.freeCores.union(cores.intersect(node.cores)), freeGpus);
    }
  }

  /** Finds room without taking it; undefined when there is none now. */
  find(demand: Demand): Allocation | undefined {
    if (this.#freeCores < demand.slots * demand.coresPerSlot) return undefined;
    const usable = [...this.#nodes.values()].filter(
      ({ isUp, freeCores, freeGpus }) =>
        isUp && freeCores.size >= demand.coresPerSlot && freeGpus.size >= demand.gpusPerSlot,
    );
    const candidates = matching(usable, demand.constraint).sort(byFreedom);
    return demand.nodes > 0 || demand.isExclusive ? onNodes(candidates, demand) : bySlots(candidates, demand);
  }

  /** Why a demand could not be met if every rank were up and free; undefined when it could. */
  whyNever(demand: Demand): string | undefined {
    const { nodes, slots, coresPerSlot, gpusPerSlot, isExclusive } = demand;
    const all = matching([...this.#nodes.values()], demand.constraint);
    if (isExclusive) {
      const wanted = Math.max(nodes, 1);
      const count = all.filter(({ cores, gpus }) => cores.size >= coresPerSlot && gpus.size >= gpusPerSlot).length;
      if (count >= wanted) return undefined;
      return `unsatisfiable request: need ${wanted} exclusive node(s), only ${count} eligible`;
    }
    if (nodes > 0) {
      const cores = Math.floor(slots / nodes) * coresPerSlot;
      const gpus = Math.floor(slots / nodes) * gpusPerSlot;
      const count = all.filter((node) => node.cores.size >= cores && node.gpus.size >= gpus).length;
      if (count >= nodes) return undefined;
      const each = `${cores} cores${gpus > 0 ? ` and ${gpus} GPUs` : ''} each`;
      return `unsatisfiable request: need ${nodes} node(s) with ${each}, only ${count} eligible`;
    }
    const byCores = sum(all, (node) => Math.floor(node.cores.size / coresPerSlot));
    if (byCores < slots) {
      const total = sum(all, ({ cores }) => cores.size);
      return `unsatisfiable request: need ${slots} slot(s) of ${coresPerSlot} core(s), only ${byCores} such slot(s) available (total cores: ${total})`;
    }
    if (gpusPerSlot === 0) return undefined;
    const byGpus = sum(all, ({ cores, gpus }) => slotsIn(cores, gpus, demand));
    if (byGpus >= slots) return undefined;
    const total = sum(all, ({ gpus }) => gpus.size);
    return `unsatisfiable request: need ${slots} slot(s) with ${gpusPerSlot} GPU(s) each, only ${byGpus} available (total GPUs: ${total})`;
  }

  /** A pool that changes apart from this one. */
  copy(): Pool {
    const copy = new Pool(nothing);
    for (const [rank, node] of this.#nodes) copy.#nodes.set(rank, { ...node });
    copy.#freeCores = this.#freeCores;
    return copy;
  }

  #setFree(node: Node, cores: Idset, gpus: Idset): void {
    if (node.isUp) this.#freeCores += cores.size - node.freeCores.size;
    node.freeCores = cores;
    node.freeGpus = gpus;
  }
}

const nothing = { ranks: Idset.empty, properties: new Map() } as unknown as ResourceSet;

function matching(nodes: Node[], constraint: Constraint | undefined): Node[] {
  if (!constraint) return nodes;
  return nodes.filter(({ rank, host, properties }) =>
    matchConstraint(constraint, { rank, hostname: host, properties }),
  );
}

function onNodes(candidates: readonly Node[], demand: Demand): Allocation | undefined {
  const wanted = Math.max(demand.nodes, 1);
  const slots = Math.floor(demand.slots / wanted);
  const cores = slots * demand.coresPerSlot;
  const gpus = slots * demand.gpusPerSlot;
  const chosen = new Map<number, Share>();
  for (const node of candidates) {
    if (chosen.size === wanted) break;
    if (demand.isExclusive) {
      if (node.freeCores.size < node.cores.size) continue;
      chosen.set(node.rank, { cores: node.freeCores, gpus: node.freeGpus });
    } else if (node.freeCores.size >= cores && node.freeGpus.size >= gpus) {
      chosen.set(node.rank, { cores: lowest(node.freeCores, cores), gpus: lowest(node.freeGpus, gpus) });
    }
  }
  return chosen.size === wanted ? chosen : undefined;
}

/** Fills one node after the other, those with most free cores first. */
function bySlots(candidates: readonly Node[], demand: Demand): Allocation | undefined {
  const { coresPerSlot, gpusPerSlot } = demand;
  const chosen = new Map<number, Share>();
  let left = demand.slots;
  for (const node of candidates) {
    if (left === 0) break;
    const take = Math.min(left, slotsIn(node.freeCores, node.freeGpus, demand));
    if (take === 0) continue;
    const gpus = lowest(node.freeGpus, take * gpusPerSlot);
    chosen.set(node.rank, { cores: lowest(node.freeCores, take * coresPerSlot), gpus });
    left -= take;
  }
  return left === 0 ? chosen : undefined;
}

function slotsIn(cores: Idset, gpus: Idset, { coresPerSlot, gpusPerSlot }: Demand): number {
  const byCores = Math.floor(cores.size / coresPerSlot);
  return gpusPerSlot === 0 ? byCores : Math.min(byCores, Math.floor(gpus.size / gpusPerSlot));
}

function lowest(ids: Idset, count: number): Idset {
  if (count === 0) return Idset.empty;
  return count === ids.size ? ids : Idset.of([...ids].slice(0, count));
}

const byFreedom = (a: Node, b: Node): number =>
  b.freeCores.size - a.freeCores.size || b.freeGpus.size - a.freeGpus.size || a.rank - b.rank;

function sum(nodes: readonly Node[], count: (node: Node) => number): number {
  return nodes.reduce((total, node) => total + count(node), 0);
}
