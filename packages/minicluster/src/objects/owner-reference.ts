/** The reference that makes Kubernetes delete an object with its MiniCluster. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import { apiGroup, kind, storedVersion } from '../schema/minicluster.ts';

export function ownerReference(cluster: ResolvedMiniCluster) {
  return {
    apiVersion: `${apiGroup}/${storedVersion}`,
    kind,
    name: cluster.name,
    uid: cluster.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
