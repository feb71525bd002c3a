// R of an allocation (RFC 20).
import { Idset, type Jobspec, printHostlist, type ResourceSet, type RObject } from '@ebb/flux-formats';
import type { Allocation, Share } from './pool.ts';

/** @param now seconds since 1970. @param instanceExpiration when the instance's own resources end; 0: never */
export function allocatedR(
  allocation: Allocation,
  resources: ResourceSet,
  jobspec: Jobspec,
  now: number,
  instanceExpiration: number,
): RObject {
  const ranks = Idset.of(allocation.keys());
  const groups = new Map<string, { children: Record<string, string>; ranks: number[] }>();
  for (const rank of ranks) {
    const { cores, gpus } = allocation.get(rank)!;
    const children = { core: cores.toString(), ...(gpus.size > 0 ? { gpu: gpus.toString() } : {}) };
    const key = JSON.stringify(children);
    const group = groups.get(key) ?? { children, ranks: [] as number[] };
    group.ranks.push(rank);
    groups.set(key, group);
  }
  const { duration } = jobspec.attributes.system;
  const properties: Record<string, string> = {};
  for (const [name, having] of resources.properties) {
    const both = having.intersect(ranks);
    if (both.size > 0) properties[name] = both.toString();
  }
  return {
    version: 1,
    execution: {
      R_lite: [...groups.values()].map(({ children, ranks: each }) => ({ rank: Idset.of(each).toString(), children })),
      nodelist: [printHostlist([...ranks].map((rank) => resources.host(rank) ?? ''))],
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      starttime: now,
      expiration: duration ? now + duration : instanceExpiration,
    },
  };
}

/** What a resource set holds, as the pool counts it. */
export function allocationOf(resources: ResourceSet): Allocation {
  const shares = new Map<number, Share>();
  for (const rank of resources.ranks) shares.set(rank, { cores: resources.cores(rank), gpus: resources.gpus(rank) });
  return shares;
}
