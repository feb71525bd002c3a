// Deletes pods that nobody looks after any more, as the pod garbage collector of Kubernetes does: those whose node is
// gone, those that were deleted before they had a node, and the oldest of the ended ones when there are too many.

import { Informer } from '../../client/informer.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { hasEnded } from '../../kinds/pod-end.ts';
import type { Pod } from '../../node-agent/pod-types.ts';
import type { ControllerContext } from '../controller-context.ts';
import type { NodeCondition, Taint } from './node-health.ts';
import { disruption } from './node-lifecycle.ts';

/** The defaults are those of kube-controller-manager. */
export interface PodCollectorTimings {
  /** Milliseconds between two looks. */
  readonly collectMs?: number;
  /** Milliseconds for which a node has to be gone. */
  readonly quarantineMs?: number;
  /** As many ended pods stay. */
  readonly mostEndedPods?: number;
}

const podsRef = { apiVersion: 'v1', plural: 'pods' };
const nodesRef = { apiVersion: 'v1', plural: 'nodes' };
const outOfService = 'node.kubernetes.io/out-of-service';

export function startPodCollector(
  { client, log, now }: ControllerContext,
  { collectMs = 20_000, quarantineMs = 40_000, mostEndedPods = 12_500 }: PodCollectorTimings = {},
): { stop(): Promise<void> } {
  const onError = (error: unknown) => log(String(error));
  const pods = new Informer(client, podsRef, { onError }).start();
  const nodes = new Informer(client, nodesRef, { onError }).start();
  const missingSince = new Map<string, number>();
  let isSynced = false;
  void Promise.all([pods.synced, nodes.synced]).then(() => {
    isSynced = true;
  });

  async function collect(): Promise<void> {
    if (!isSynced) return;
    const all = pods.list() as Pod[];
    const excess = excessOf(all, mostEndedPods);
    for (const pod of excess) await remove(pod);
    for (const pod of all) {
      const why = await reasonToGo(pod);
      if (why !== undefined) await remove(pod, why);
    }
  }

  /** Empty for a pod of which nobody needs to be told why. */
  async function reasonToGo(pod: Pod): Promise<string | undefined> {
    const { nodeName } = pod.spec;
    const isDeleted = pod.metadata.deletionTimestamp !== undefined;
    if (!nodeName) return isDeleted ? '' : undefined;
    const node = nodes.get(undefined, nodeName);
    if (node) {
      missingSince.delete(nodeName);
      return isDeleted && isOutOfService(node) ? '' : undefined;
    }
    const since = missingSince.get(nodeName) ?? now().getTime();
    missingSince.set(nodeName, since);
    if (now().getTime() - since < quarantineMs) return undefined;
    // The watch may be behind: only the server knows that a node is gone.
    const isThere = await client.get({ ...nodesRef, name: nodeName }).then(
      () => true,
      (error: unknown) => !(error instanceof StatusError && error.code === 404),
    );
    return isThere ? undefined : 'PodGC: node no longer exists';
  }

  async function remove(pod: Pod, why = ''): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    const ref = { ...podsRef, namespace: namespace!, name: name! };
    try {
      if (!hasEnded(pod)) {
        const time = now()
          .toISOString()
          .replace(/\.\d+Z$/, 'Z');
        const phase = { phase: 'Failed' };
        const patch = why
          ? disruption(pod, time, { reason: 'DeletionByPodGC', message: why }, phase)
          : { metadata: { uid }, status: phase };
        await client.patch({ ...ref, subresource: 'status' }, patch, 'merge');
      }
      await client.delete(ref, { gracePeriodSeconds: 0, preconditions: { uid: uid! } });
    } catch (error) {
      if (!(error instanceof StatusError && (error.code === 404 || error.code === 409)))
        log(`${namespace}/${name}: ${String(error)}`);
    }
  }

  let collecting: Promise<void> | undefined;
  const timer = setInterval(() => {
    collecting ??= collect()
      .catch(onError)
      .finally(() => {
        collecting = undefined;
      });
  }, collectMs);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all([pods.stop(), nodes.stop(), collecting]);
    },
  };
}

/** The oldest of the ended pods, as many as are too many. */
export function excessOf(pods: readonly Pod[], most: number): Pod[] {
  const ended = pods.filter((pod) => hasEnded(pod) && !pod.metadata.deletionTimestamp);
  const age = ({ metadata: { creationTimestamp, name } }: Pod) => `${creationTimestamp} ${name}`;
  return ended.sort((a, b) => (age(a) < age(b) ? -1 : 1)).slice(0, Math.max(0, ended.length - most));
}

function isOutOfService(node: KubernetesObject): boolean {
  const { taints = [] } = (node['spec'] ?? {}) as { taints?: readonly Taint[] };
  const { conditions = [] } = (node['status'] ?? {}) as { conditions?: readonly NodeCondition[] };
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return !isReady && taints.some(({ key }) => key === outOfService);
}
