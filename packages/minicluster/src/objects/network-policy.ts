/** Lets only a MiniCluster's own pods reach its brokers' port. Other ports stay as they are for everybody. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject } from '../schema/minicluster.ts';
import { brokerPort } from './broker-config.ts';
import { clusterLabel, ownedLabels } from './labels.ts';
import { ownerReference } from './owner-reference.ts';

export function networkPolicyObject(cluster: ResolvedMiniCluster): KubernetesObject {
  const own = { matchLabels: { [clusterLabel]: cluster.name } };
  const last = 65535;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: `${cluster.name}-brokers`,
      namespace: cluster.namespace,
      labels: ownedLabels(cluster),
      ownerReferences: [ownerReference(cluster)],
    },
    spec: {
      podSelector: own,
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: own }] },
        {
          ports: [
            { protocol: 'TCP', port: 1, endPort: brokerPort - 1 },
            { protocol: 'TCP', port: brokerPort + 1, endPort: last },
            { protocol: 'UDP', port: 1, endPort: last },
          ],
        },
      ],
    },
  };
}
