/** The ConfigMap with the scripts and the brokers' configuration. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject } from '../schema/minicluster.ts';
import { brokerScript } from '../scripts/broker-script.ts';
import { initScript } from '../scripts/init-script.ts';
import { programScript } from '../scripts/program-script.ts';
import { sidecarScript } from '../scripts/sidecar-script.ts';
import { brokerConfig } from './broker-config.ts';
import { ownedLabels } from './labels.ts';
import { ownerReference } from './owner-reference.ts';
import type { Registration } from './registration.ts';

/** @param quorum brokers that must be online before the instance runs */
export function configMapObject(
  cluster: ResolvedMiniCluster,
  registration: Registration,
  quorum: number,
  clusterDomain = 'cluster.local',
): KubernetesObject {
  const data: Record<string, string> = {
    [cluster.flux.container.name]: initScript(cluster, registration, clusterDomain),
    'broker.toml': brokerConfig(cluster, registration, clusterDomain),
    quorum: `${quorum}\n`,
  };
  for (const container of cluster.containers) {
    if (container.runFlux) {
      data[`wait-${container.index}`] = brokerScript(cluster, container, registration);
      data[`program-${container.index}`] = programScript(cluster, container, registration);
    } else if (!container.noWrapEntrypoint) {
      data[`start-${container.index}`] = sidecarScript(cluster, container);
    }
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${cluster.name}-entrypoint`,
      namespace: cluster.namespace,
      labels: ownedLabels(cluster),
      ownerReferences: [ownerReference(cluster)],
    },
    data,
  };
}

/**
 * The quorum to write. It starts as the first size and only ever falls: an instance whose lead broker starts again after
 * the cluster has shrunk must not wait for ranks that are gone.
 * @param written what stands in the ConfigMap now
 */
export function quorumOf(
  cluster: ResolvedMiniCluster,
  registration: Registration,
  written: number | undefined,
): number {
  const wanted = Math.min(cluster.minSize ?? cluster.size, cluster.size, registration.maximum);
  return written === undefined ? wanted : Math.min(written, wanted);
}
