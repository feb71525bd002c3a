/** What the operator asks an instance: who is online, what runs where, and what the queue waits for. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { ResourceSet } from '@ebb/flux-formats';
import { type FluxView, fluxViewFrom, nodesWanted } from './flux-view.ts';

/** How long Flux may take to answer. */
const rpcTimeoutMs = 5000;
/** Questions to rank 0, wherever the relay ends. */
export const toLeader = { nodeid: 0, timeoutMs: rpcTimeoutMs };
/** State SCHED of a job: it waits for resources. */
const stateSched = 8;

/** @param watchesQueue whether to ask what waiting jobs need. @throws FluxError when Flux cannot be asked */
export async function askFlux(flux: Flux, watchesQueue: boolean): Promise<FluxView> {
  const [status, sched] = await Promise.all([
    flux.rpc<Record<string, never>>('resource.status', undefined, toLeader),
    flux.rpc<{ all?: unknown; allocated?: unknown }>('resource.sched-status', undefined, toLeader),
  ]);
  const pending = watchesQueue ? await pendingNodes(flux, sched.all).catch(noneWithoutService) : 0;
  return fluxViewFrom(status, sched, pending);
}

async function pendingNodes(flux: Flux, all: unknown): Promise<number> {
  const resources = all ? ResourceSet.parse(all) : ResourceSet.empty();
  const cores = resources.nodeCount > 0 ? resources.coreCount / resources.nodeCount : 1;
  const { jobs } = await flux.rpc<{ jobs: { nnodes?: number; ntasks?: number; ncores?: number }[] }>(
    'job-list.list',
    { max_entries: 1000, attrs: ['nnodes', 'ntasks', 'ncores'], constraint: { states: [stateSched] } },
    { timeoutMs: rpcTimeoutMs },
  );
  return jobs.reduce((sum, job) => sum + nodesWanted(job, cores), 0);
}

/** An instance without a list of jobs has a demand that nobody knows: the cluster stays as it is. */
function noneWithoutService(error: unknown): number {
  if (error instanceof FluxError && error.code === 'ENOSYS') return 0;
  throw error;
}
