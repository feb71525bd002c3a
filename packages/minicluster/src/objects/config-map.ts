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

/** What is known of the quorum of a Job that is there. */
export interface KnownQuorum {
  /** What stands in the ConfigMap. */
  readonly written: number;
  /** Whether the instance has run with all its brokers. */
  readonly hasRun: boolean;
}

/**
 * The quorum to write. It is for the start: the first size, or spec.minSize. Once the instance has run it falls to the
 * least (spec.minSize, or 1) and stays there, because a lead broker that starts again must not wait for ranks that have
 * gone since, by a resize or with their node.
 */
export function quorumOf(
  cluster: ResolvedMiniCluster,
  registration: Registration,
  known: KnownQuorum | undefined,
): number {
  const first = Math.min(cluster.minSize ?? cluster.size, cluster.size, registration.maximum);
  if (!known) return first;
  return Math.min(known.written, known.hasRun ? Math.min(cluster.minSize ?? 1, first) : first);
}
