// What is posted to a pod: its binding to a node, its eviction.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { timestamp } from '../create.ts';
import { deleteInside } from '../delete.ts';
import type { DeleteOptions } from '../deletion.ts';
import { type ApiContext, type Caller, keyOf, resourceOf, type Target } from '../request.ts';
import { badRequest, conflict, notFound, plainError } from '../status-errors.ts';

interface Binding {
  metadata?: { name?: string; uid?: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  target?: { kind?: string; name?: string };
}

interface Condition {
  type: string;
  status: string;
  lastTransitionTime?: string;
}

/** Binds a pod to a node, once and for all. @throws {StatusError} NotFound, Conflict, BadRequest */
export function bindPod(context: ApiContext, target: Target, body: unknown, dryRun: boolean): Promise<void> {
  const binding = (body ?? {}) as Binding;
  const node = binding.target?.name;
  if (!node) throw plainError('target.name: Required value');
  if (binding.target?.kind && binding.target.kind !== 'Node') {
    throw badRequest(`Binding cannot bind to a ${binding.target.kind}: target.kind must be Node`);
  }
  return context.store.transact((transaction) => {
    const item = transaction.get('pods', keyOf(target));
    if (!item) throw notFound(resourceOf(target), target.name);
    const pod = structuredClone(item.object);
    const spec = pod['spec'] as { nodeName?: string; schedulingGates?: unknown[] };
    const refuse = (why: string): never => {
      throw conflict({ group: '', resource: 'pods/binding' }, target.name, why);
    };
    if (binding.metadata?.uid && binding.metadata.uid !== pod.metadata.uid) {
      refuse(
        `Precondition failed: UID in precondition: ${binding.metadata.uid}, UID in object meta: ${pod.metadata.uid}`,
      );
    }
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
  status.conditions = [...others, { type: 'PodScheduled', status: 'True', lastTransitionTime: now }];
}

/** Evicts a pod, as `kubectl drain` does: a deletion in the name of its disruption budget. @throws {StatusError} */
export function evictPod(
  context: ApiContext,
  target: Target,
  body: unknown,
  dryRun: boolean,
  caller: Caller,
): Promise<void> {
  const eviction = (body ?? {}) as { metadata?: { name?: string }; deleteOptions?: DeleteOptions };
  if (eviction.metadata?.name && eviction.metadata.name !== target.name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  return context.store.transact((transaction) => {
    deleteInside(context, transaction, target, eviction.deleteOptions ?? {}, { dryRun }, caller);
  });
}
