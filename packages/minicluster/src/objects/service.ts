/** Services: names for the brokers, and ports of sidecars. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject } from '../schema/minicluster.ts';
import { brokerPort } from './broker-config.ts';
import { indexLabel, ownedLabels } from './labels.ts';
import { ownerReference } from './owner-reference.ts';

/**
 * The Service that gives the pods their names. Addresses are published before pods are ready: a broker must find its
 * parent in order to become ready, and waiting for readiness cost upstream 40 to 140 s at start.
 */
export function brokerService(cluster: ResolvedMiniCluster): KubernetesObject {
  const spec = cluster.flux.minimalService
    ? {
        type: 'ClusterIP',
        publishNotReadyAddresses: true,
        selector: { 'job-name': cluster.name, [indexLabel]: '0' },
        ports: [{ name: 'broker', port: brokerPort, targetPort: brokerPort, protocol: 'TCP' }],
      }
    : { clusterIP: 'None', publishNotReadyAddresses: true, selector: { 'job-name': cluster.name } };
  return service(cluster, cluster.headlessName, spec);
}

/** A Service for each sidecar with ports. */
export function sidecarServices(cluster: ResolvedMiniCluster): KubernetesObject[] {
  return cluster.containers
    .filter((container) => !container.runFlux && container.ports.length > 0)
    .map((container) =>
      service(cluster, container.name, {
        type: 'ClusterIP',
        selector: { 'app.kubernetes.io/name': cluster.name },
        ports: [...new Set(container.ports)].map((port) => ({
          name: `port-${port}`,
          port,
          targetPort: port,
          protocol: 'TCP',
        })),
      }),
    );
}

function service(cluster: ResolvedMiniCluster, name: string, spec: Record<string, unknown>): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: cluster.namespace,
      labels: ownedLabels(cluster),
      ownerReferences: [ownerReference(cluster)],
    },
    spec,
  };
}
