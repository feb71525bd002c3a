// The binding of a pod to a node.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { timestamp } from '../create.ts';
import { acceptObject } from '../incoming-object.ts';
import { otherUid } from '../other-uid.ts';
import { type ApiContext, type Caller, keyOf, resourceOf, type Target, type WriteOptions } from '../request.ts';
import { badRequest, conflict, notFound, plainError } from '../status-errors.ts';

interface Binding {
  metadata?: { name?: string; uid?: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  target?: { kind?: string; name?: string };
}

interface Condition {
  type: string;
  status: string;
  lastProbeTime?: null;
  lastTransitionTime?: string;
}

/** Binds a pod to a node, once and for all. @throws {StatusError} NotFound, Conflict, BadRequest */
export function bindPod(
  context: ApiContext,
  target: Target,
  body: unknown,
  { dryRun, ...reading }: WriteOptions,
  caller: Caller,
): Promise<void> {
  const kind = context.resources.find('', 'v1', 'bindings');
  const binding = (kind ? acceptObject(context, { ...target, kind }, body, reading, caller) : body) as Binding;
  if (binding.metadata?.name !== target.name) throw badRequest('name in URL does not match name in Binding object');
  const { name: node = '', kind: nodeKind = '' } = binding.target ?? {};
  if (nodeKind !== '' && nodeKind !== 'Node') {
    throw plainError(`target.kind: Unsupported value: "${nodeKind}": supported values: "Node", "<empty>"`);
  }
  if (!node) throw plainError('target.name: Required value');
  return context.store.transact((transaction) => {
    const item = transaction.get('pods', keyOf(target));
    if (!item) throw notFound(resourceOf(target), target.name);
    const pod = structuredClone(item.object);
    const spec = pod['spec'] as { nodeName?: string; schedulingGates?: unknown[] };
    const refuse = (why: string): never => {
      throw conflict({ group: '', resource: 'pods/binding' }, target.name, why);
    };
    const { uid } = binding.metadata ?? {};
    if (uid && uid !== pod.metadata.uid) throw otherUid(target, uid, pod.metadata.uid);
    if (pod.metadata.deletionTimestamp) refuse(`pod ${target.name} is being deleted, cannot be assigned to a host`);
    if (spec.nodeName) refuse(`pod ${target.name} is already assigned to node "${spec.nodeName}"`);
    if (spec.schedulingGates?.length) refuse(`pod ${target.name} has non-empty .spec.schedulingGates`);
    spec.nodeName = node;
    Object.assign((pod.metadata.annotations ??= {}), binding.metadata?.annotations);
    if (Object.keys(pod.metadata.annotations).length === 0) delete pod.metadata.annotations;
    setScheduled(pod, timestamp(context.now()));
    if (!dryRun) transaction.put('pods', keyOf(target), pod);
  });
}

function setScheduled(pod: KubernetesObject, now: string): void {
  const status = (pod['status'] ??= {}) as { conditions?: Condition[] };
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  status.conditions = [
    ...others,
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now },
  ];
}
