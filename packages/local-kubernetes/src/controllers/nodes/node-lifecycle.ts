// Watches over the heartbeats of nodes: tells when one is heard of no more, taints it, and deletes the pods that do not
// tolerate that.

import { Informer } from '../../client/informer.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import type { Pod } from '../../node-agent/pod-types.ts';
import type { ControllerContext } from '../controller-context.ts';
import { evictionTime, type NodeCondition, silentConditions, type Taint, taintsFor } from './node-health.ts';
import { missingMarks } from './node-marks.ts';

const nodesRef = { apiVersion: 'v1', plural: 'nodes' };
const podsRef = { apiVersion: 'v1', plural: 'pods' };
const leasesRef = { apiVersion: 'coordination.k8s.io/v1', plural: 'leases', namespace: 'kube-node-lease' };

/** Milliseconds; the defaults are those of kube-controller-manager. */
export interface NodeTimings {
  /** Between two looks at the nodes. */
  readonly monitorMs?: number;
  /** A node not heard of for longer is lost. */
  readonly graceMs?: number;
}

interface Node extends KubernetesObject {
  spec?: { taints?: readonly Taint[]; unschedulable?: boolean };
  status?: { conditions?: readonly NodeCondition[] };
}

interface Heartbeat {
  readonly text: string;
  readonly heardAt: number;
}

export function startNodeLifecycleController(
  { client, log, events, now }: ControllerContext,
  { monitorMs = 5000, graceMs = 50_000 }: NodeTimings = {},
): { stop(): Promise<void> } {
  const onError = (error: unknown) => log(String(error));
  const nodes = new Informer(client, nodesRef, { onError });
  const leases = new Informer(client, leasesRef, { onError });
  const pods = new Informer(client, podsRef, { onError });
  const informers = [nodes, leases, pods];
  const registered = new Set<string>();
  const queue = new WorkQueue(settle, { workers: 1, onError: (key, error) => log(`${key}: ${String(error)}`) });
  nodes.onChange(({ metadata }, change) => {
    if (change === 'deleted') registered.delete(metadata.uid!);
    else queue.add(metadata.name!);
  });
  for (const informer of informers) informer.start();
  const heartbeats = new Map<string, Heartbeat>();
  const time = () =>
    now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');

  /** Follows a change of a node at once: what has to be written on it. */
  async function settle(name: string): Promise<undefined> {
    await nodes.synced;
    const node = nodes.get(undefined, name) as Node | undefined;
    if (!node) return;
    if (!registered.has(node.metadata.uid!)) {
      registered.add(node.metadata.uid!);
      events(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
    }
    const metadata = missingMarks(node);
    if (metadata) await client.patch({ ...nodesRef, name }, { metadata }, 'merge').catch(failed(node));
    await taint(node, (nodes.list() as Node[]).some(isReady)).catch(failed(node));
  }

  async function monitor(): Promise<void> {
    await Promise.all(informers.map(({ synced }) => synced));
    const known = nodes.list() as Node[];
    for (const uid of heartbeats.keys())
      if (!known.some(({ metadata }) => metadata.uid === uid)) heartbeats.delete(uid);
    const seen = await Promise.all(known.map((node) => look(node).catch(failed(node))));
    const mayEvict = seen.some((node) => isReady(node));
    await Promise.all(seen.map((node) => taint(node, mayEvict).catch(failed(node))));
    await Promise.all((pods.list() as Pod[]).map((pod) => evict(pod).catch(failed(pod as KubernetesObject))));
  }

  const failed =
    <T extends KubernetesObject>(about: T) =>
    (error: unknown): T => {
      // Somebody was faster, or it has gone: the next look sees.
      if (!(error instanceof StatusError && (error.code === 404 || error.code === 409)))
        log(`${about.metadata.name}: ${String(error)}`);
      return about;
    };

  /** What counts is when a change was seen here: clocks of nodes may differ. */
  async function look(node: Node): Promise<Node> {
    const { name, uid } = node.metadata as { name: string; uid: string };
    const lease = leases.get(leasesRef.namespace, name)?.['spec'] as { renewTime?: string } | undefined;
    const conditions = node.status?.conditions ?? [];
    const told = conditions
      .filter(({ status }) => status !== 'Unknown')
      .map(({ lastHeartbeatTime }) => lastHeartbeatTime);
    const text = JSON.stringify([lease?.renewTime, told]);
    const before = heartbeats.get(uid);
    if (before?.text !== text) heartbeats.set(uid, { text, heardAt: now().getTime() });
    if (now().getTime() - heartbeats.get(uid)!.heardAt <= graceMs) return node;
    const silent = silentConditions(conditions, time());
    if (silent === conditions) return node;
    const wasReady = isReady(node);
    const { resourceVersion } = node.metadata;
    const written = (await client.patch(
      { ...nodesRef, name, subresource: 'status' },
      { metadata: { resourceVersion }, status: { conditions: silent } },
      'merge',
    )) as Node;
    if (wasReady) {
      events(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      await Promise.all(podsOn(name).map((pod) => markUnready(pod).catch(failed(pod as KubernetesObject))));
    }
    return written;
  }

  async function taint(node: Node, mayEvict: boolean): Promise<void> {
    const present = node.spec?.taints ?? [];
    const wanted = taintsFor(node, time(), mayEvict);
    if (wanted === present || (wanted.length === 0 && present.length === 0)) return;
    const { name, resourceVersion } = node.metadata;
    await client.patch(
      { ...nodesRef, name: name! },
      { metadata: { resourceVersion }, spec: { taints: wanted.length > 0 ? wanted : null } },
      'merge',
    );
  }

  async function markUnready(pod: Pod): Promise<void> {
    const conditions = pod.status?.conditions ?? [];
    if (!conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return;
    const changed = conditions.map((each) =>
      each.type === 'Ready' ? { ...each, status: 'False', lastTransitionTime: time() } : each,
    );
    await client.patch(
      { ...refOf(pod), subresource: 'status' },
      { metadata: { uid: pod.metadata.uid }, status: { conditions: changed } },
      'merge',
    );
    events(pod as KubernetesObject, 'Warning', 'NodeNotReady', 'Node is not ready');
  }

  async function evict(pod: Pod): Promise<void> {
    const { nodeName } = pod.spec;
    if (!nodeName || pod.metadata.deletionTimestamp) return;
    const node = nodes.get(undefined, nodeName) as Node | undefined;
    const at = evictionTime(pod, node?.spec?.taints ?? [], now().getTime());
    if (at === undefined || at > now().getTime()) return;
    const { namespace, name, uid } = pod.metadata;
    events(pod as KubernetesObject, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${namespace}/${name}`);
    await client.patch({ ...refOf(pod), subresource: 'status' }, disruption(pod, time(), taintManager), 'merge');
    await client.delete(refOf(pod), { preconditions: { uid: uid! } });
  }

  const podsOn = (name: string): Pod[] => (pods.list() as Pod[]).filter(({ spec }) => spec.nodeName === name);

  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= monitor()
      .catch(onError)
      .finally(() => {
        looking = undefined;
      });
  }, monitorMs);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(informers.map((informer) => informer.stop()));
      await queue.stop();
      // A look that still waits for its first list never ends.
      if (heartbeats.size > 0) await looking;
    },
  };
}

const taintManager = {
  reason: 'DeletionByTaintManager',
  message: 'Taint manager: deleting due to NoExecute taint',
};

const isReady = (node: Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

const refOf = ({ metadata: { namespace, name } }: Pod) => ({ ...podsRef, namespace: namespace!, name: name! });

/** The patch of a status that says why a pod goes (KEP-3329), by which a Job tells disruptions from failures. */
export function disruption(
  pod: Pod,
  now: string,
  why: { readonly reason: string; readonly message: string },
  more: object = {},
): object {
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
  const condition = { type: 'DisruptionTarget', status: 'True', ...why, lastProbeTime: null, lastTransitionTime: now };
  return { metadata: { uid: pod.metadata.uid }, status: { ...more, conditions: [...others, condition] } };
}
