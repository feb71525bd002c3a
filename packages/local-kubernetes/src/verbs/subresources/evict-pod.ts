// The eviction of a pod, as `kubectl drain` asks for it: a deletion that its disruption budget allows.
// Facts: k8s.io/kubernetes pkg/registry/core/pod/storage/eviction.go.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import type { StatusError } from '../../client/status-error.ts';
import { budgetCovers } from '../../kinds/budget-selection.ts';
import { sentKinds } from '../../kinds/built-in.ts';
import { isPodReady } from '../../kinds/pod-readiness.ts';
import { trackUpdate } from '../../patch/apply.ts';
import { timestamp } from '../create.ts';
import { deleteInside } from '../delete.ts';
import { checkDeleteOptions, checkPreconditions, type DeleteOptions } from '../deletion.ts';
import { acceptObject } from '../incoming-object.ts';
import {
  type ApiContext,
  type Caller,
  keyOf,
  kindOf,
  resourceOf,
  type StoreTransaction,
  type Target,
  type WriteOptions,
} from '../request.ts';
import { badRequest, evictionRefused, failure, notFound } from '../status-errors.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

interface Budget {
  readonly spec?: { readonly unhealthyPodEvictionPolicy?: string };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly disruptionsAllowed: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly disruptedPods?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
  };
}

const bucket = 'poddisruptionbudgets.policy';

/** Evicts a pod. @throws {StatusError} TooManyRequests where its budget does not allow it now; NotFound, BadRequest */
export function evictPod(
  context: ApiContext,
  target: Target,
  body: unknown,
  { dryRun, ...reading }: WriteOptions,
  caller: Caller,
): Promise<void> {
  const sent = acceptObject(context, { ...target, kind: sentKinds.eviction }, body, reading, caller);
  if (sent.metadata.name !== target.name) throw badRequest('name in URL does not match name in Eviction object');
  const options = (sent['deleteOptions'] ?? {}) as DeleteOptions & { dryRun?: string[] };
  checkDeleteOptions(options);
  const isDry = dryRun || options.dryRun?.includes('All') === true;
  return context.store.transact((transaction) => {
    const pod = transaction.get('pods', keyOf(target))?.object;
    if (!pod) throw notFound(resourceOf(target), target.name);
    const now = timestamp(context.now());
    const spared = isRunning(pod) ? spendBudget(context, transaction, pod, isDry) : undefined;
    const { preconditions, ...rest } = options;
    try {
      checkPreconditions(kindOf(target), pod, preconditions);
    } catch (error) {
      // It may have become ready since it was judged: the client is to ask again.
      throw spared && !preconditions?.resourceVersion ? stillProcessed(spared) : error;
    }
    if (!isDry) transaction.put('pods', keyOf(target), disrupted(pod, now));
    deleteInside(context, transaction, target, rest, { dryRun: isDry }, caller);
  });
}

/** What has ended, has not begun, or goes already is nothing that a budget protects. */
function isRunning(pod: KubernetesObject): boolean {
  const { phase } = (pod['status'] ?? {}) as { phase?: string };
  return phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
}

/**
 * Takes one disruption from the budget of a pod.
 * @returns the budget's name where the pod is not ready and costs nothing
 * @throws {StatusError} where no disruption is left
 */
function spendBudget(
  context: ApiContext,
  transaction: StoreTransaction,
  pod: KubernetesObject,
  isDry: boolean,
): string | undefined {
  const items = transaction
    .range(bucket, `${pod.metadata.namespace}/`)
    .filter(({ object }) => budgetCovers(object, pod));
  const [item, another] = items;
  if (!item) return undefined;
  if (another) {
    throw failure(
      500,
      '',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const { spec = {}, status } = item.object as Budget;
  const name = item.object.metadata.name!;
  const { observedGeneration = 0, disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  // A pod that is not ready costs nothing as long as enough others are.
  const isSpared =
    spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (currentHealthy >= desiredHealthy && desiredHealthy > 0);
  if (!isPodReady(pod) && isSpared) return name;
  if (observedGeneration < (item.object.metadata.generation ?? 0)) {
    throw stillProcessed(name);
  }
  if (disruptionsAllowed <= 0) throw evictionRefused(refusalOf(name, item.object as Budget), 0);
  if (isDry) return undefined;
  const time = context.now();
  const next = structuredClone(item.object);
  next['status'] = {
    ...status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...status?.disruptedPods, [pod.metadata.name!]: timestamp(time) },
    conditions: (status?.conditions ?? []).map((each) => (disruptionsAllowed === 1 ? spent(each, time) : each)),
  };
  const { schema } = context.resources.find('policy', 'v1', 'poddisruptionbudgets')!;
  const change = { before: item.object, after: next, manager: 'kube-apiserver', apiVersion: 'policy/v1' };
  transaction.put(bucket, item.key, trackUpdate({ ...change, subresource: 'status', schema, time }));
  return undefined;
}

/** What a budget says of itself when its last disruption is taken. */
function spent(condition: Condition, time: Date): Condition {
  if (condition.type !== 'DisruptionAllowed') return condition;
  return { ...condition, status: 'False', reason: 'InsufficientPods', lastTransitionTime: timestamp(time) };
}

function stillProcessed(name: string): StatusError {
  return evictionRefused(`The disruption budget ${name} is still being processed by the server.`, 10);
}

function refusalOf(name: string, { status }: Budget): string {
  const { currentHealthy = 0, desiredHealthy = 0, conditions = [] } = status ?? {};
  const condition = conditions.find(({ type, status }) => type === 'DisruptionAllowed' && status === 'False');
  const cannot = `The disruption budget ${name} does not allow evicting pods currently`;
  if (condition?.reason === 'SyncFailed' && condition.message) {
    return `${cannot} because it failed sync: ${condition.message}`;
  }
  if (currentHealthy <= desiredHealthy) {
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  return condition?.message ? `${cannot} (${condition.reason}): ${condition.message}` : cannot;
}

/** The pod says why it goes (KEP-3329), by which a Job tells disruptions from failures. */
function disrupted(pod: KubernetesObject, now: string): KubernetesObject {
  const next = structuredClone(pod);
  const status = (next['status'] ?? {}) as { conditions?: Condition[] };
  const type = 'DisruptionTarget';
  const condition = { type, status: 'True', lastProbeTime: null, lastTransitionTime: now };
  const why = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  const others = (status.conditions ?? []).filter((each) => each.type !== type);
  next['status'] = { ...status, conditions: [...others, { ...condition, ...why }] };
  return next;
}
