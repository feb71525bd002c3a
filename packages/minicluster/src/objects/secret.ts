/** The Secret with the CURVE certificate. It is made once and kept: a new certificate would cut brokers off from each other. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject } from '../schema/minicluster.ts';
import { ownedLabels } from './labels.ts';
import { ownerReference } from './owner-reference.ts';

/** Name of the Secret that the pods mount. */
export function certificateSecret(cluster: ResolvedMiniCluster): string {
  return cluster.flux.curveCertSecret ?? `${cluster.name}-curve`;
}

/** @param certificate text of the certificate; spec.flux.curveCert wins */
export function secretObject(cluster: ResolvedMiniCluster, certificate: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: certificateSecret(cluster),
      namespace: cluster.namespace,
      labels: ownedLabels(cluster),
      ownerReferences: [ownerReference(cluster)],
    },
    type: 'Opaque',
    data: { 'curve.cert': Buffer.from(cluster.flux.curveCert ?? certificate).toString('base64') },
  };
}
