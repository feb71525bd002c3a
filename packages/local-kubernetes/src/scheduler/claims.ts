// A pod waits for the claims that its volumes name (kube-scheduler's VolumeBinding), whatever the nodes are like.

import type { Claim } from '../controllers/volumes/match-volume.ts';
import type { Pod } from '../node-agent/pod-types.ts';
import type { Placement } from './placement.ts';

/** Why the pod cannot be placed anywhere yet; undefined when all its claims are bound. */
export function claimRefusal({ metadata, spec }: Pod, claims: readonly Claim[]): string | undefined {
  const names = (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  for (const name of names) {
    const claim = claims.find((each) => each.metadata.namespace === metadata.namespace && each.metadata.name === name);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`;
    if (claim.status?.phase !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

/** Said of all nodes at once. */
export function refused(reason: string, nodes: number): Placement {
  return { message: `0/${nodes} nodes are available: ${reason}. not found` };
}
