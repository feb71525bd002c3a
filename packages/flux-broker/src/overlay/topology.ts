// The shape of the tree based overlay network: who is whose parent. `tbon.topo` names it (flux-broker-attributes(7)):
// `kary:K`, `mincrit[:K]`, `binomial`, or `custom` from the parents in the [bootstrap] table.
import { Idset } from '@ebb/flux-formats';

/** A subtree as `overlay.topology` answers it. */
export interface SubtreeObject {
  rank: number;
  size: number;
  children: SubtreeObject[];
}

/** One host of the bootstrap table, as far as the shape of the tree is concerned. */
export interface TopologyHost {
  host: string;
  parent?: string | undefined;
}

export class TopologyError extends Error {
  override readonly name = 'TopologyError';
}

/** An immutable tree over the ranks 0..size-1, shared by all brokers of one process. */
export class Topology {
  readonly size: number;
  readonly #parents: Int32Array;
  readonly #children: Map<number, number[]> = new Map();
  #maxLevel = -1;
  #criticalRanks: string | undefined;

  private constructor(parents: Int32Array) {
    this.size = parents.length;
    this.#parents = parents;
    for (let rank = 1; rank < parents.length; rank++) {
      const parent = parents[rank]!;
      const siblings = this.#children.get(parent);
      if (siblings) siblings.push(rank);
      else this.#children.set(parent, [rank]);
    }
  }

  /** @throws {TopologyError} on an unknown scheme, a bad K, or parents that form no tree. */
  static create(scheme: string, size: number, hosts: readonly TopologyHost[] = []): Topology {
    if (!Number.isInteger(size) || size < 1) throw new TopologyError(`invalid topology size ${size}`);
    const parents = new Int32Array(size);
    parents[0] = -1;
    const colon = scheme.indexOf(':');
    const name = colon < 0 ? scheme : scheme.slice(0, colon);
    const argument = colon < 0 ? '' : scheme.slice(colon + 1);
    switch (name) {
      case 'kary':
        layOutKary(parents, parseK(argument, 'kary'));
        break;
      case 'mincrit':
        layOutMincrit(parents, argument === '' ? chooseRouters(size, 1024) : parseK(argument, 'mincrit'));
        break;
      case 'binomial':
        if (argument !== '') throw new TopologyError(`unknown binomial topology directive: '${argument}'`);
        layOutBinomial(parents, 0, Math.ceil(Math.log2(size)));
        break;
      case 'custom':
        if (argument !== '') throw new TopologyError(`unknown custom topology directive: '${argument}'`);
        layOutCustom(parents, hosts);
        break;
      default:
        throw new TopologyError(`unknown topology scheme '${name}'`);
    }
    return new Topology(parents);
  }

  /** -1 at rank 0. */
  parent(rank: number): number {
    return this.#parents[rank] ?? -1;
  }

  /** In ascending order. */
  children(rank: number): readonly number[] {
    return this.#children.get(rank) ?? [];
  }

  /** The child of `from` through which `to` is reached, or -1 when `to` is not below `from`. */
  childRoute(from: number, to: number): number {
    if (to <= 0 || to >= this.size) return -1;
    for (let rank = to; rank > 0; rank = this.#parents[rank]!) {
      if (this.#parents[rank] === from) return rank;
    }
    return -1;
  }

  level(rank: number): number {
    let level = 0;
    for (let at = rank; at > 0; at = this.#parents[at]!) level++;
    return level;
  }

  maxLevel(): number {
    if (this.#maxLevel < 0) {
      for (const rank of this.leaves()) this.#maxLevel = Math.max(this.#maxLevel, this.level(rank));
    }
    return this.#maxLevel;
  }

  /** Rank 0 and every router, as an idset: without them others are lost too. */
  criticalRanks(): string {
    this.#criticalRanks ??= Idset.of([0, ...this.#children.keys()]).toString();
    return this.#criticalRanks;
  }

  *leaves(): Iterable<number> {
    for (let rank = 0; rank < this.size; rank++) if (!this.#children.has(rank)) yield rank;
  }

  /** All ranks below `rank`, without it. */
  *descendants(rank: number): Iterable<number> {
    for (const child of this.children(rank)) {
      yield child;
      yield* this.descendants(child);
    }
  }

  descendantCount(rank: number): number {
    let count = 0;
    for (const _ of this.descendants(rank)) count++;
    return count;
  }

  subtree(rank: number): SubtreeObject {
    const children = this.children(rank).map((child) => this.subtree(child));
    return { rank, size: 1 + children.reduce((sum, child) => sum + child.size, 0), children };
  }
}

function parseK(text: string, scheme: string): number {
  if (!/^[0-9]+$/.test(text)) throw new TopologyError(`${scheme} k value must be an integer >= 0`);
  return Number(text);
}

/** Heap order; K = 0 is flat. */
function layOutKary(parents: Int32Array, k: number): void {
  if (k === 0) return;
  for (let rank = 1; rank < parents.length; rank++) parents[rank] = Math.floor((rank - 1) / k);
}

/** Ranks 1..K route, all others hang below them in turn. */
function layOutMincrit(parents: Int32Array, k: number): void {
  if (k === 0) return;
  for (let rank = k + 1; rank < parents.length; rank++) parents[rank] = ((rank - k - 1) % k) + 1;
}

/** As few routers as keep each router's fan-out at or below the limit; none when rank 0 can carry all. */
function chooseRouters(size: number, maxFanout: number): number {
  if (size <= maxFanout + 1) return 0;
  let k = 2;
  while (Math.ceil((size - 1 - k) / k) > maxFanout) k++;
  return k;
}

function layOutBinomial(parents: Int32Array, root: number, order: number): void {
  for (let power = 0; power < order; power++) {
    const child = root + 2 ** power;
    if (child >= parents.length) break;
    parents[child] = root;
    layOutBinomial(parents, child, power);
  }
}

function layOutCustom(parents: Int32Array, hosts: readonly TopologyHost[]): void {
  const ranks = new Map(hosts.map(({ host }, rank) => [host, rank]));
  hosts.forEach(({ host, parent }, rank) => {
    if (parent === undefined) return;
    const prefix = 'Config file [bootstrap] hosts:';
    if (rank === 0) throw new TopologyError(`${prefix} rank 0 (${host}) may not have a parent in a tree topology`);
    if (rank >= parents.length) throw new TopologyError('topology size does not match host array size');
    const parentRank = ranks.get(parent);
    if (parentRank === undefined || parentRank >= parents.length) {
      throw new TopologyError(`${prefix} invalid parent "${parent}" for ${host} (rank ${rank})`);
    }
    for (let at = parentRank; at >= 0; at = parents[at]!) {
      if (at === rank) {
        const text = `parent "${parent}" for ${host} (rank ${rank}) violates rule against cycles`;
        throw new TopologyError(`${prefix} ${text}`);
      }
    }
    parents[rank] = parentRank;
  });
}
