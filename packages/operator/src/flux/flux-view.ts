/** What a Flux instance says of itself, as far as scaling and the status need it. */
import { Idset, ResourceSet } from '@ebb/flux-formats';

export interface FluxView {
  /** Ranks whose broker is online. */
  online: Idset;
  /** Ranks that run jobs, or hold resources for them. */
  allocated: Idset;
  /** Ranks that are hidden by configuration. */
  excluded: Idset;
  /** Drained ranks with the reason that was given. */
  drained: Map<number, string>;
  /** Nodes that waiting jobs ask for. */
  pendingNodes: number;
  /** Id of the first job of the instance, for status.jobid. */
  firstJob?: string;
}

/** Begins the reason of every drain that is ours; drains of others are never touched. */
export const drainReason = 'ebb: scale down';

interface ResourceStatus {
  online?: string;
  exclude?: string;
  drain?: Record<string, { reason?: string }>;
}

/** The view from the answers of `resource.status` and `resource.sched-status`. @throws FormatError on what is no such answer */
export function fluxViewFrom(status: ResourceStatus, sched: { allocated?: unknown }, pendingNodes: number): FluxView {
  const drained = new Map<number, string>();
  for (const [ranks, { reason }] of Object.entries(status.drain ?? {})) {
    for (const rank of Idset.parse(ranks)) drained.set(rank, reason ?? '');
  }
  return {
    online: Idset.parse(status.online ?? ''),
    excluded: Idset.parse(status.exclude ?? ''),
    allocated: sched.allocated ? ResourceSet.parse(sched.allocated).ranks : Idset.of([]),
    drained,
    pendingNodes,
  };
}

/** Nodes that a waiting job asks for, from its counts; a job that names none fits on one. */
export function nodesWanted(job: { nnodes?: number; ntasks?: number; ncores?: number }, coresPerNode: number): number {
  if (job.nnodes && job.nnodes > 0) return job.nnodes;
  const cores = Math.max(job.ncores ?? 0, job.ntasks ?? 0, 1);
  return Math.max(1, Math.ceil(cores / Math.max(1, coresPerNode)));
}
