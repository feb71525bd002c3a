// Gives the hosts of a resource set the ranks of the brokers that run on them. Pure.
import { Idset, ResourceSet } from '@ebb/flux-formats';

/** Hosts in `hostnames` order become ranks 0.. @throws {Error} when R has a host that is no broker's. */
export function rerank(resources: ResourceSet, hostnames: readonly string[]): ResourceSet {
  const newRanks = new Map<string, number[]>();
  hostnames.forEach((host, rank) => {
    const ranks = newRanks.get(host);
    if (ranks) ranks.push(rank);
    else newRanks.set(host, [rank]);
  });
  const moved = new Map<number, number>();
  for (const rank of resources.ranks) {
    const host = resources.host(rank);
    const next = host === undefined ? undefined : newRanks.get(host)?.shift();
    if (next === undefined) throw new Error(`error reranking R: host ${host} is not in the hostlist of the brokers`);
    moved.set(rank, next);
  }
  if ([...moved].every(([from, to]) => from === to)) return resources;
  const ordered = [...moved].sort(([, a], [, b]) => a - b);
  const properties = [...resources.properties].map(([name, ranks]) => {
    return [name, Idset.of([...ranks].map((rank) => moved.get(rank)!)).toString()];
  });
  return ResourceSet.parse({
    version: 1,
    execution: {
      R_lite: ordered.map(([from, to]) => {
        const gpus = resources.gpus(from);
        const core = resources.cores(from).toString();
        return { rank: String(to), children: gpus.size > 0 ? { core, gpu: gpus.toString() } : { core } };
      }),
      starttime: resources.startTime,
      expiration: resources.expiration,
      nodelist: ordered.map(([from]) => resources.host(from)!),
      properties: Object.fromEntries(properties),
    },
    ...(resources.scheduling === undefined ? {} : { scheduling: resources.scheduling }),
  });
}
