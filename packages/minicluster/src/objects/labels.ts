/** Labels of what a MiniCluster owns. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';

/** Says which MiniCluster an object belongs to; the operator watches by it. */
export const clusterLabel = 'flux-framework.org/minicluster';

/** The label that the Job controller puts on each pod of an Indexed Job, from Kubernetes 1.28 on. */
export const indexLabel = 'batch.kubernetes.io/job-completion-index';

/**
 * The upstream operator's own label for that, by which Services of its users find the lead broker (`0`) and the service
 * pod (`services`). The Job controller does not set it.
 */
export const upstreamIndexLabel = 'job-index';

/** Labels of every object that is owned. */
export function ownedLabels(cluster: ResolvedMiniCluster): Record<string, string> {
  return { [clusterLabel]: cluster.name, 'app.kubernetes.io/managed-by': 'ebb' };
}

/** Labels of every pod; equal to the upstream operator's, whose Services and tutorials select by them. */
export function podLabels(cluster: ResolvedMiniCluster): Record<string, string> {
  return {
    ...cluster.pod.labels,
    app: 'flux-operator',
    namespace: cluster.namespace,
    'app.kubernetes.io/name': cluster.name,
    [clusterLabel]: cluster.name,
  };
}

/** Selects the pods of all MiniClusters, those made by the upstream operator too; `cluster` is the label that says whose. */
export const podSelector = { labelSelector: 'app=flux-operator', cluster: 'app.kubernetes.io/name' };

/** Selector of the pods that a HorizontalPodAutoscaler counts: those of the Job, without the service pod. */
export function scaleSelector(name: string): string {
  return `hpa-selector=${name}`;
}
