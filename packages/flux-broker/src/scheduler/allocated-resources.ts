// R of an allocation (RFC 20).
import { countJobspec, Idset, type Jobspec, printHostlist, type ResourceSet, type RObject } from '@ebb/flux-formats';
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
    // Names with a leading + are the instance's own (RFC 20).
    const both = name.startsWith('+') ? Idset.empty : having.intersect(ranks);
    if (both.size > 0) properties[name] = both.toString();
  }
  return {
    version: 1,
    execution: {
      R_lite: [...groups.values()].map(({ children, ranks: each }) => ({ rank: Idset.of(each).toString(), children })),
      starttime: now,
      expiration: duration ? now + duration : instanceExpiration,
      nslots: slotCount(jobspec),
      nodelist: [printHostlist([...ranks].map((rank) => resources.host(rank) ?? ''))],
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
    },
  };
}

function slotCount(jobspec: Jobspec): number {
  const { nnodes, nslots } = countJobspec(jobspec);
  return nnodes > 0 ? Math.floor(nslots / nnodes) * nnodes : nslots;
}

/** R as text in the KVS: in flux-core's spacing, times as reals. */
export function printR(R: RObject): string {
  const time = (seconds: number): string => (Number.isInteger(seconds) ? `${seconds}.0` : String(seconds));
  const { starttime, expiration } = R.execution;
  return spaced(R)
    .replace(/"starttime": [^,]+/, () => `"starttime": ${time(starttime)}`)
    .replace(/"expiration": [^,]+/, () => `"expiration": ${time(expiration)}`);
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`)
    .join(', ')}}`;
}

/** What a resource set holds, as the pool counts it. */
export function allocationOf(resources: ResourceSet): Allocation {
  const shares = new Map<number, Share>();
  for (const rank of resources.ranks) shares.set(rank, { cores: resources.cores(rank), gpus: resources.gpus(rank) });
  return shares;
}
