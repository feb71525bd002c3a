// What an instance within a job has: the resources of the job, as the instance around it knows them (flux-core:
// resource/inventory.c).
import { connect, type Flux } from '@ebb/flux-client';
import { Idset, parseFluid, ResourceSet } from '@ebb/flux-formats';
import type { Attributes } from '../module.ts';
import { rerank } from './rerank.ts';

export interface ParentResources {
  /** Undefined when the brokers are not one on each node of the job: then every broker is asked. */
  readonly resources: ResourceSet | undefined;
  /** Calls back with each new end of the job, in seconds since 1970, until `stop`. */
  follow(onExpiration: (expiration: number) => void): void;
  stop(): Promise<void>;
}

/** Undefined outside of a job. @throws FluxError when the instance around it does not answer */
export async function parentResources(
  attributes: Attributes,
  hostnames: readonly string[],
): Promise<ParentResources | undefined> {
  const uri = attributes.get('parent-uri');
  const jobid = attributes.get('jobid');
  if (uri === undefined || jobid === undefined) return undefined;
  const parent: Flux = await connect(uri);
  const request = { id: parseFluid(jobid), key: 'R', flags: 0 };
  const updates = parent.stream<{ R: unknown }>('job-info.update-watch', request);
  const first = await updates.next();
  if (first.done) {
    await parent.close();
    return undefined;
  }
  return {
    resources: fitToBrokers(ResourceSet.parse(first.value.R), hostnames),
    follow(onExpiration) {
      const read = async () => {
        for await (const { R } of updates) onExpiration(ResourceSet.parse(R).expiration);
      };
      // The end of the instance around this one has consequences elsewhere.
      read().catch(() => {});
    },
    stop: () => parent.close(),
  };
}

/** R of a job with the ranks of the brokers that run in it and ids from 0 on; undefined where it does not fit them. */
export function fitToBrokers(job: ResourceSet, hostnames: readonly string[]): ResourceSet | undefined {
  if (job.nodeCount !== hostnames.length) return undefined;
  const ranks = [...job.ranks];
  const firstIds = (ids: Idset) => (ids.size === 0 ? '' : Idset.range(0, ids.size - 1).toString());
  const remapped = ResourceSet.parse({
    version: 1,
    execution: {
      R_lite: ranks.map((rank, index) => {
        const gpu = firstIds(job.gpus(rank));
        const core = firstIds(job.cores(rank));
        return { rank: String(index), children: gpu === '' ? { core } : { core, gpu } };
      }),
      starttime: job.startTime,
      expiration: job.expiration,
      nodelist: ranks.map((rank) => job.host(rank)!),
      properties: Object.fromEntries(
        [...job.properties].map(([name, having]) => [
          name,
          Idset.of([...having].map((rank) => ranks.indexOf(rank))).toString(),
        ]),
      ),
    },
  });
  // Several brokers on a host cannot be told apart by it.
  if (new Set(hostnames).size < hostnames.length) return remapped;
  try {
    return rerank(remapped, hostnames);
  } catch {
    return remapped;
  }
}
