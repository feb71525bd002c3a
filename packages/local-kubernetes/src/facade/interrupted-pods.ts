/**
 * Pods that ran when the whole cluster ended. As failures they would be counted, and their index would wait the longer for
 * the next pod the more often the cluster was started: up to ten minutes (KEP-3850).
 */
import type { KubernetesClient } from '../client/kubernetes-client.ts';
import { untrack } from '../controllers/job/job-controller.ts';
import { isTerminal, type Job, type JobPod } from '../controllers/job/job-types.ts';

/** As backoffLimitPerIndex: no index is given up, however often it fails. */
const never = 2 ** 31 - 1;

/**
 * The pods of `nodes` that are to be made anew: none of their containers had ended, and their Jobs try for ever. Those of
 * other Jobs fail, as on a node that was started again.
 */
export function interruptedPods(jobs: readonly Job[], pods: readonly JobPod[], nodes: ReadonlySet<string>): JobPod[] {
  const patient = new Set(jobs.filter(triesForEver).map(({ metadata }) => metadata.uid));
  return pods.filter((pod) => {
    const { nodeName } = pod.spec;
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
    if (nodeName === undefined || !nodes.has(nodeName) || owner === undefined) return false;
    const hasEnded = pod.status?.containerStatuses?.some(({ state }) => state?.terminated !== undefined) ?? false;
    return patient.has(owner.uid) && !isTerminal(pod) && !hasEnded;
  });
}

function triesForEver({ spec }: Job): boolean {
  return spec.backoffLimitPerIndex === never && spec.backoffLimit !== 0;
}

/** Removes them, so that their Jobs make others at once. */
export async function removeInterruptedPods(client: KubernetesClient, nodes: readonly string[]): Promise<void> {
  const [jobs, pods] = await Promise.all([
    client.list({ apiVersion: 'batch/v1', plural: 'jobs' }),
    client.list({ apiVersion: 'v1', plural: 'pods' }),
  ]);
  for (const pod of interruptedPods(jobs.items as Job[], pods.items as JobPod[], new Set(nodes))) {
    const { namespace, name } = pod.metadata;
    const ref = { apiVersion: 'v1', plural: 'pods', namespace: namespace!, name: name! };
    await client.delete(ref, { gracePeriodSeconds: 0 });
    await untrack(client, pod);
  }
}
