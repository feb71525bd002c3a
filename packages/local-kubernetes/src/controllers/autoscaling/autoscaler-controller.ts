// Holds the targets of HorizontalPodAutoscalers within their bounds, and says of their metrics that nobody serves them.
// autoscaling/v2.

import { Informer } from '../../client/informer.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import type { ControllerContext } from '../controller-context.ts';
import {
  inactive,
  isSameStatus,
  notRescaled,
  rescaled,
  scaleNotSeen,
  scaleSeen,
  scalingDisabled,
  verdictOf,
  withConditions,
  withReplicas,
} from './autoscaler-status.ts';
import type { AutoscalerSpec, AutoscalerStatus, Scale } from './autoscaler-types.ts';
import { missingInAll, missingMetric } from './missing-metrics.ts';
import { rescale, selectsAnyPod, type TargetScale, targetScale } from './target-scale.ts';

const autoscalersRef = { apiVersion: 'autoscaling/v2', plural: 'horizontalpodautoscalers' };
/** Each autoscaler is looked at as often, and for the first time as long after it was seen. */
const defaultSyncPeriodMs = 15_000;

export interface AutoscalerTimings {
  /** Milliseconds between two looks at an autoscaler. Default: 15,000. */
  readonly autoscalerSyncPeriodMs?: number;
}

export function startAutoscalerController(
  { client, events, log, now }: ControllerContext,
  { autoscalerSyncPeriodMs: syncPeriodMs = defaultSyncPeriodMs }: AutoscalerTimings = {},
): { stop(): Promise<void> } {
  /** Of each autoscaler by its key: the selector that its target last gave. */
  const selectors = new Map<string, string>();
  const queue = new WorkQueue(look, { onError: (key, error) => log(`${key}: ${String(error)}`) });
  const autoscalers = new Informer(client, autoscalersRef, { onError: (error) => log(String(error)) })
    .onChange((autoscaler, change) => {
      if (change === 'added') queue.addAfter(keyOf(autoscaler), syncPeriodMs);
      if (change === 'deleted') selectors.delete(keyOf(autoscaler));
    })
    .start();

  /** Failures are told by events; the next look is at its time. */
  async function look(key: string): Promise<number | undefined> {
    const [namespace, name] = key.split('/') as [string, string];
    const autoscaler = autoscalers.get(namespace, name);
    if (!autoscaler) return undefined;
    const before = (autoscaler['status'] ?? {}) as AutoscalerStatus;
    const status = await act(autoscaler, before);
    if (!isSameStatus(before, status)) await write(autoscaler, status);
    return syncPeriodMs;
  }

  async function act(autoscaler: KubernetesObject, before: AutoscalerStatus): Promise<AutoscalerStatus> {
    const spec = autoscaler['spec'] as unknown as AutoscalerSpec;
    let target: TargetScale;
    try {
      target = await targetScale(client, autoscaler.metadata.namespace!, spec.scaleTargetRef);
    } catch (error) {
      const { message } = error as Error;
      events(autoscaler, 'Warning', 'FailedGetScale', message);
      return withConditions(before, [scaleNotSeen(message)], now());
    }
    const current = target.scale.spec.replicas;
    const status = withConditions(before, [scaleSeen], now());
    const verdict = verdictOf(spec, current);
    if (verdict.kind === 'disabled') {
      return withReplicas(withConditions(status, [scalingDisabled], now()), { current, desired: 0 });
    }
    if (verdict.kind === 'by metrics') return failMetrics(autoscaler, spec, status, target.scale);
    const { replicas, reason } = verdict;
    try {
      await rescale(client, target, replicas);
    } catch (error) {
      const { message } = error as Error;
      events(autoscaler, 'Warning', 'FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${message}`);
      const said = withConditions(status, [notRescaled(message)], now());
      return withReplicas(said, { current, desired: status.desiredReplicas ?? 0 });
    }
    events(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`);
    const said = withConditions(status, [rescaled(replicas)], now());
    return withReplicas(said, { current, desired: replicas, scaledAt: now() });
  }

  async function failMetrics(
    autoscaler: KubernetesObject,
    { metrics = [] }: AutoscalerSpec,
    status: AutoscalerStatus,
    scale: Scale,
  ): Promise<AutoscalerStatus> {
    const numbers = { current: scale.spec.replicas, desired: status.desiredReplicas ?? 0 };
    const namespace = autoscaler.metadata.namespace!;
    const problem = await selectorProblem(autoscaler, scale.status.selector ?? '');
    if (problem) {
      events(autoscaler, 'Warning', problem.event, problem.message);
      events(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', problem.message);
      return withReplicas(withConditions(status, [problem.condition], now()), numbers);
    }
    const missing = metrics.map((metric) => missingMetric(metric, namespace));
    for (const { reason, message } of missing) events(autoscaler, 'Warning', reason, message);
    events(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', missingInAll(missing));
    const { reason, message } = missing[0]!;
    const said = inactive(reason, `the HPA was unable to compute the replica count: ${message}`);
    const none = metrics.map(() => ({ type: '' }));
    return withReplicas(withConditions(status, [said], now()), { ...numbers, metrics: none });
  }

  /** Why nothing can be reckoned from a target's selector: there is none, or another autoscaler has pods of it. */
  async function selectorProblem(autoscaler: KubernetesObject, selector: string) {
    const saying = (event: string, reason: string, message: string, said = message) => ({
      event,
      message,
      condition: inactive(reason, said),
    });
    if (selector === '') {
      const said = "the HPA target's scale is missing a selector";
      return saying('SelectorRequired', 'InvalidSelector', 'selector is required', said);
    }
    const { namespace } = autoscaler.metadata as { namespace: string };
    const own = keyOf(autoscaler);
    if (autoscalers.get(namespace, autoscaler.metadata.name!)) selectors.set(own, selector);
    const sharing = [own];
    for (const [key, other] of selectors) {
      const isBeside = key !== own && key.startsWith(`${namespace}/`);
      if (isBeside && (await selectsAnyPod(client, namespace, `${selector},${other}`))) sharing.push(key);
    }
    if (sharing.length === 1) return undefined;
    const shown = sharing.map((key) => `{${key.split('/').reverse().join(' ')}}`).sort();
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${shown.join(' ')}]`;
    return saying('AmbiguousSelector', 'AmbiguousSelector', message);
  }

  async function write(autoscaler: KubernetesObject, status: AutoscalerStatus): Promise<void> {
    const { namespace, name } = autoscaler.metadata as { namespace: string; name: string };
    try {
      await client.update({ ...autoscalersRef, namespace, name, subresource: 'status' }, { ...autoscaler, status });
    } catch (error) {
      events(autoscaler, 'Warning', 'FailedUpdateStatus', (error as Error).message);
    }
  }

  return {
    async stop() {
      await autoscalers.stop();
      await queue.stop();
    },
  };
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
