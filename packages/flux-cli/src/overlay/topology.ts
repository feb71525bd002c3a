/** The tree of brokers as rank 0 has it, whoever is up (RFC 35 in part; `overlay.topology` of flux-core). */
import type { Flux } from '@ebb/flux-client';
import { Idset } from '@ebb/flux-formats';
import { failureOf } from '../with-broker.ts';

export interface Topology {
  readonly rank: number;
  /** Brokers of this subtree. */
  readonly size: number;
  readonly children: readonly Topology[];
}

export async function fetchTopology(flux: Flux): Promise<Topology> {
  return flux
    .rpc<Topology>('overlay.topology', { rank: 0 }, { nodeid: 0 })
    .catch((error: unknown) => failureOf('error fetching overlay topology', error));
}

export function subtree(topology: Topology, rank: number): Topology | undefined {
  if (topology.rank === rank) return topology;
  for (const child of topology.children) {
    const found = subtree(child, rank);
    if (found) return found;
  }
  return undefined;
}

export function ranksOf(topology: Topology): Idset {
  const ranks: number[] = [];
  const pending = [topology];
  for (let next = pending.pop(); next; next = pending.pop()) {
    ranks.push(next.rank);
    pending.push(...next.children);
  }
  return Idset.of(ranks);
}

/** @returns undefined for the root, and for a rank that is not there */
export function parentOf(topology: Topology, rank: number): number | undefined {
  if (topology.children.some((child) => child.rank === rank)) return topology.rank;
  for (const child of topology.children) {
    const parent = parentOf(child, rank);
    if (parent !== undefined) return parent;
  }
  return undefined;
}
