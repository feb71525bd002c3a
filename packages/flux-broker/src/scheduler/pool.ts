// What is free on which rank, and where a job's slots go. Pure: changes only by allocate and release.
import { type Constraint, Idset, matchConstraint, type ResourceSet } from '@ebb/flux-formats';

/** What a job asks for. */
export interface Demand {
  /** 0: any number of nodes. */
  readonly nodes: number;
  readonly slots: number;
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

  constructor(resources: ResourceSet) {
    for (const rank of resources.ranks) {
      const cores = resources.cores(rank);
      const gpus = resources.gpus(rank);
      const properties = [...resources.properties].filter(([, ranks]) => ranks.has(rank)).map(([name]) => name);
      const host = resources.host(rank) ?? '';
      this.#nodes.set(rank, {
        ...{ rank, host, cores, gpus, isUp: false },
        properties: new Set(properties),
        freeCores: cores,
        freeGpus: gpus,
      });
    }
  }

  setUp(ranks: Idset, isUp: boolean): void {
    for (const rank of ranks) {
      const node = this.#nodes.get(rank);
      if (node) node.isUp = isUp;
    }
  }

  /** The ranks are there no more and never will be. */
  remove(ranks: Idset): void {
    for (const rank of ranks) this.#nodes.delete(rank);
  }

  /** Takes what a job already holds; what is not free, or not there, cannot be taken twice and is passed over. */
  take(allocation: Allocation): void {
    for (const [rank, { cores, gpus }] of allocation) {
      const node = this.#nodes.get(rank);
      if (!node) continue;
      node.freeCores = node.freeCores.subtract(cores);
      node.freeGpus = node.freeGpus.subtract(gpus);
    }
  }

  release(allocation: Allocation): void {
    for (const [rank, { cores, gpus }] of allocation) {
      const node = this.#nodes.get(rank);
      if (!node) continue;
      node.freeCores = node.freeCores.union(cores.intersect(node.cores));
      node.freeGpus = node.freeGpus.union(gpus.intersect(node.gpus));
    }
  }

  /** Finds room without taking it; undefined when there is none now. */
  find(demand: Demand): Allocation | undefined {
    return place(
      [...this.#nodes.values()].filter(({ isUp }) => isUp),
      demand,
    );
  }

  /** Whether there would be room if every rank were up and free. */
  couldEver(demand: Demand): boolean {
    const all = [...this.#nodes.values()].map((node) => ({ ...node, freeCores: node.cores, freeGpus: node.gpus }));
    return place(all, demand) !== undefined;
  }
}

/** Slots go where most cores are free, so that jobs spread over the ranks (sched-simple's worst-fit). */
function place(nodes: Node[], demand: Demand): Allocation | undefined {
  const { constraint, isExclusive } = demand;
  const fitting = nodes.filter(
    (node) =>
      (!isExclusive || (node.freeCores.size === node.cores.size && node.freeGpus.size === node.gpus.size)) &&
      (!constraint ||
        matchConstraint(constraint, { rank: node.rank, hostname: node.host, properties: node.properties })),
  );
  return demand.nodes > 0 ? placeOnNodes(fitting, demand) : placeSlots(fitting, demand);
}

function placeOnNodes(nodes: Node[], demand: Demand): Allocation | undefined {
  const slots = Math.ceil(demand.slots / demand.nodes);
  const roomy = nodes.filter((node) => room(node, demand) >= slots).sort(byFreeCores);
  if (roomy.length < demand.nodes) return undefined;
  return new Map(roomy.slice(0, demand.nodes).map((node) => [node.rank, share(node, slots, demand)]));
}

function placeSlots(nodes: Node[], demand: Demand): Allocation | undefined {
  const counts = new Map<Node, number>();
  let left = demand.slots;
  const open = nodes.filter((node) => room(node, demand) > 0);
  if (open.reduce((sum, node) => sum + room(node, demand), 0) < left) return undefined;
  const freeAfter = (node: Node): number => node.freeCores.size - (counts.get(node) ?? 0) * demand.coresPerSlot;
  // Of nodes with as much left, the lowest rank; a heap would pay only for far more slots than jobs have.
  while (left > 0) {
    let best: Node | undefined;
    for (const node of open) {
      if ((counts.get(node) ?? 0) >= room(node, demand)) continue;
      if (
        !best ||
        freeAfter(node) > freeAfter(best) ||
        (freeAfter(node) === freeAfter(best) && node.rank < best.rank)
      ) {
        best = node;
      }
    }
    if (!best) return undefined;
    counts.set(best, (counts.get(best) ?? 0) + 1);
    left--;
  }
  return new Map([...counts].map(([node, count]) => [node.rank, share(node, count, demand)]));
}

/** How many slots fit on a node now. */
function room({ freeCores, freeGpus }: Node, { coresPerSlot, gpusPerSlot }: Demand): number {
  const byCores = coresPerSlot > 0 ? Math.floor(freeCores.size / coresPerSlot) : Number.POSITIVE_INFINITY;
  const byGpus = gpusPerSlot > 0 ? Math.floor(freeGpus.size / gpusPerSlot) : Number.POSITIVE_INFINITY;
  const slots = Math.min(byCores, byGpus);
  return Number.isFinite(slots) ? slots : 1;
}

function share(node: Node, slots: number, { coresPerSlot, gpusPerSlot, isExclusive }: Demand): Share {
  if (isExclusive) return { cores: node.cores, gpus: node.gpus };
  return { cores: lowest(node.freeCores, slots * coresPerSlot), gpus: lowest(node.freeGpus, slots * gpusPerSlot) };
}

function lowest(ids: Idset, count: number): Idset {
  if (count === 0) return Idset.empty;
  return Idset.of([...ids].slice(0, count));
}

const byFreeCores = (a: Node, b: Node): number => b.freeCores.size - a.freeCores.size || a.rank - b.rank;
