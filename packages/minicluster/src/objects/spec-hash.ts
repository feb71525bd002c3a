/** Tells whether a Job was made from the spec that stands now. */
import { createHash } from 'node:crypto';
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';

/**
 * Hash of the part of a spec that ends up in the pods and cannot change while they run. Sizes, scaling, limits of the Job
 * and cleanup are left out: they take effect at once.
 */
export function specHash(cluster: ResolvedMiniCluster): string {
  const {
    size: _1,
    maxSize: _2,
    minSize: _3,
    scaling: _4,
    backoffLimit: _5,
    deadlineSeconds: _6,
    cleanup: _7,
    generation: _8,
    uid: _9,
    ...pods
  } = cluster;
  return createHash('sha256').update(JSON.stringify(pods)).digest('hex').slice(0, 16);
}
