// Which node of a job runs which of its tasks: consecutive tasks on each node (taskmap scheme `block`, RFC 34).
import { FluxError } from '@ebb/flux-client';
import { countJobspec, type Jobspec, type ResourceSet, Taskmap } from '@ebb/flux-formats';

export interface TaskLayout {
  /** Broker ranks in the order of the job's nodes. */
  readonly ranks: readonly number[];
  /** Tasks of each node, in the same order. */
  readonly counts: readonly number[];
  readonly taskmap: Taskmap;
}

/** @throws FluxError EINVAL when the allocation has no node */
export function layOutTasks(jobspec: Jobspec, allocation: ResourceSet): TaskLayout {
  const ranks = [...allocation.ranks];
  if (ranks.length === 0) throw new FluxError('EINVAL', 'R has no execution target to run tasks on');
  const cores = ranks.map((rank) => allocation.cores(rank).size);
  const counts = countPerNode(jobspec, cores);
  return { ranks, counts, taskmap: Taskmap.ofCounts(counts) };
}

function countPerNode(jobspec: Jobspec, cores: readonly number[]): number[] {
  const per = jobspec.attributes.system.shell?.options?.['per-resource'] as
    | { type?: string; count?: number }
    | undefined;
  if (per?.type === 'node') return cores.map(() => per.count ?? 1);
  if (per?.type === 'core') return cores.map((count) => count * (per.count ?? 1));
  const { ntasks, nslots, slotSize } = countJobspec(jobspec);
  return distribute(ntasks ?? nslots, slotSize, cores);
}

/**
 * Deals `ntasks` out in turns, beginning with the nodes of most cores; a node drops out once its free cores do not
 * hold another task. When all are full a new round begins, as if all were free: more tasks than cores are allowed.
 */
export function distribute(ntasks: number, coresPerTask: number, cores: readonly number[]): number[] {
  const counts = cores.map(() => 0);
  // A task larger than the smallest node, or of no size, still has to fit somewhere for the rounds to end.
  const size = Math.max(1, Math.min(coresPerTask, ...cores));
  const order = cores.map((_, node) => node).sort((a, b) => cores[b]! - cores[a]!);
  let left = ntasks;
  while (left > 0) {
    const free = cores.map((count) => Math.max(count, size));
    let open = order;
    while (left > 0 && open.length > 0) {
      open = open.filter((node) => free[node]! >= size);
      for (const node of open) {
        if (left === 0) break;
        counts[node]! += 1;
        free[node]! -= size;
        left -= 1;
      }
    }
  }
  return counts;
}
