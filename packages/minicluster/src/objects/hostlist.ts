/** The hosts that are registered with Flux, in rank order (RFC 29). */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { Registration } from './registration.ts';

/** The hosts of this cluster up to its capacity, then those of the clusters it bursts to. */
export function hostlist(cluster: ResolvedMiniCluster, registration: Registration): string {
  const { capacity, firstSize } = registration;
  const { bursting } = cluster.flux;
  if (bursting.hostlist) return bursting.hostlist;
  const { leadBroker } = bursting;
  const own = leadBroker
    ? [leadBroker.address, ...(leadBroker.size > 1 ? [`${leadBroker.name}-[${range(1, leadBroker.size - 1)}]`] : [])]
    : [ownHosts(cluster, 0, capacity)];
  const others = bursting.clusters.map((other) => `${other.name}-[${range(0, Math.max(1, other.size ?? firstSize))}]`);
  return [...own, ...others].join(',');
}

/** Some of this cluster's hosts. */
export function ownHosts({ name }: ResolvedMiniCluster, first: number, count: number): string {
  return `${name}-[${range(first, count)}]`;
}

function range(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}
