// Binds pods to nodes: the effects around placePod. One pod at a time, so that each sees where the last one went.

import { Informer } from '../client/informer.ts';
import type { KubernetesClient } from '../client/kubernetes-client.ts';
import { StatusError } from '../client/status-error.ts';
import { WorkQueue } from '../client/work-queue.ts';
import type { Claim } from '../controllers/volumes/match-volume.ts';
import { hasEnded } from '../kinds/pod-end.ts';
import type { Pod } from '../node-agent/pod-types.ts';
import { claimRefusal, refused } from './claims.ts';
import { type Node, placePod } from './placement.ts';
import { schedulingEvents } from './scheduling-events.ts';

export interface SchedulerOptions {
  readonly clock?: () => Date;
  readonly log?: (text: string) => void;
}

const pods = { apiVersion: 'v1', plural: 'pods' };
const nodes = { apiVersion: 'v1', plural: 'nodes' };
const claims = { apiVersion: 'v1', plural: 'persistentvolumeclaims' };
const name = 'default-scheduler';
/** A bound pod shows in the informer a moment later; a pod nobody could take is looked at again at least this often. */
const lookAgainMs = 60_000;

export function startScheduler(client: KubernetesClient, options: SchedulerOptions = {}): { stop(): Promise<void> } {
  const now = options.clock ?? (() => new Date());
  const log = options.log ?? (() => {});
  const events = schedulingEvents(client, name, now);
  const assumed = new Map<string, string>();
  const onError = (error: unknown) => log(`scheduler: ${String(error)}`);
  const queue = new WorkQueue(schedule, { workers: 1, onError: (key, error) => log(`scheduler, ${key}: ${error}`) });
  const waiting = new Set<string>();

  const podInformer = new Informer(client, pods, { onError }).onChange((object, change) => {
    const pod = object as Pod;
    const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (change === 'deleted' || pod.spec.nodeName) {
      waiting.delete(key);
      assumed.delete(pod.metadata.uid!);
      if (change === 'deleted' || hasEnded(pod)) retry();
      return;
    }
    if (isMine(pod) && !waiting.has(key)) queue.add(key);
  });
  const nodesAsTold = new Map<string, string>();
  const nodeInformer = new Informer(client, nodes, { onError }).onChange((object, change) => {
    const { metadata, spec, status } = object as Node;
    // A heartbeat makes no node fit that did not fit before.
    const told = change === 'deleted' ? '' : JSON.stringify([metadata.labels, spec, status?.allocatable]);
    if (nodesAsTold.get(metadata.name!) === told) return;
    nodesAsTold.set(metadata.name!, told);
    retry();
  });
  const claimInformer = new Informer(client, claims, { onError }).onChange(() => retry());

  function retry(): void {
    for (const key of waiting) queue.add(key);
    waiting.clear();
  }

  async function schedule(key: string): Promise<number | undefined> {
    await Promise.all([podInformer.synced, nodeInformer.synced, claimInformer.synced]);
    const [namespace, podName] = key.split('/') as [string, string];
    const pod = podInformer.get(namespace, podName) as Pod | undefined;
    if (!pod || pod.spec.nodeName || assumed.has(pod.metadata.uid!) || !isMine(pod)) return undefined;
    const known = (podInformer.list() as Pod[]).map((each) => {
      const nodeName = assumed.get(each.metadata.uid!);
      return nodeName && !each.spec.nodeName ? { ...each, spec: { ...each.spec, nodeName } } : each;
    });
    const nodesNow = nodeInformer.list() as Node[];
    const lacking = nodesNow.length > 0 ? claimRefusal(pod, claimInformer.list() as Claim[]) : undefined;
    const placement = lacking === undefined ? placePod(pod, nodesNow, known) : refused(lacking, nodesNow.length);
    if (placement.node) {
      await bind(pod, placement.node);
      return undefined;
    }
    waiting.add(key);
    await sayWhy(pod, placement.message!);
    return lookAgainMs;
  }

  async function bind(pod: Pod, node: string): Promise<void> {
    const { namespace, name: podName, uid } = pod.metadata;
    assumed.set(uid!, node);
    try {
      await client.create(
        { ...pods, namespace: namespace!, name: podName!, subresource: 'binding' },
        {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name: podName, namespace, uid },
          target: { apiVersion: 'v1', kind: 'Node', name: node },
        },
      );
      events(pod, { reason: 'Scheduled', message: `Successfully assigned ${namespace}/${podName} to ${node}` });
    } catch (error) {
      assumed.delete(uid!);
      if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
    }
  }

  async function sayWhy(pod: Pod, message: string): Promise<void> {
    events(pod, { reason: 'FailedScheduling', message });
    const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    if (before?.message === message) return;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: before?.lastTransitionTime ?? now().toISOString().replace(/\.\d+/, ''),
      observedGeneration: pod.metadata.generation,
    };
    const { namespace, name: podName, uid } = pod.metadata;
    try {
      await client.patch(
        { ...pods, namespace: namespace!, name: podName!, subresource: 'status' },
        { metadata: { uid }, status: { conditions: [condition] } },
        'strategic',
      );
    } catch (error) {
      if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
    }
  }

  podInformer.start();
  nodeInformer.start();
  claimInformer.start();
  return {
    async stop() {
      await Promise.all([podInformer, nodeInformer, claimInformer].map((each) => each.stop()));
      await queue.stop();
    },
  };
}

function isMine(pod: Pod): boolean {
  const { schedulerName = name, schedulingGates = [] } = pod.spec;
  return schedulerName === name && schedulingGates.length === 0 && !pod.metadata.deletionTimestamp;
}
