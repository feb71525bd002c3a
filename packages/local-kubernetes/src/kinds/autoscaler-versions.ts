/**
 * HorizontalPodAutoscalers of autoscaling/v1 and v2 are one thing: v1 knows the processor time alone, and keeps what else there is in
 * annotations. Facts: k8s.io/api autoscaling/v1 and v2; the names of the annotations are those of Kubernetes' API reference.
 */
import { escapedJson } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { firstCurrentMetric, firstMetric, secondCurrentMetric, secondMetric } from './autoscaler-metrics.ts';
import { at, listAt, mapAt, textAt } from './columns/read.ts';
import { goDecode } from './go-decode.ts';

const prefix = 'autoscaling.alpha.kubernetes.io';
const named = {
  metrics: `${prefix}/metrics`,
  currentMetrics: `${prefix}/current-metrics`,
  conditions: `${prefix}/conditions`,
  behavior: `${prefix}/behavior`,
};
/** Those of v1 alone, with two that hold tolerances: they are never part of what is kept. */
const ownAnnotations = [
  ...Object.values(named),
  `${prefix}/scale-down-tolerance`,
  `${prefix}/scale-up-tolerance`,
] as const;

/** What decides where nothing is said. */
export const defaultMetrics = (): JsonObject[] => [processorShare(80)];

/** An autoscaler of autoscaling/v2 as autoscaling/v1 shows it. */
export function toFirstVersion(autoscaler: JsonObject): JsonObject {
  const { scaleTargetRef, minReplicas, maxReplicas, behavior } = mapAt(autoscaler, 'spec');
  const { observedGeneration, lastScaleTime, currentReplicas, desiredReplicas } = mapAt(autoscaler, 'status');
  const metrics = listAt(autoscaler, 'spec.metrics');
  const currentMetrics = listAt(autoscaler, 'status.currentMetrics');
  const conditions = listAt(autoscaler, 'status.conditions');
  const others = metrics.filter((metric) => !isProcessorShare(metric));
  const currentShare = currentMetrics.filter(isOfProcessor).map((metric) => at(metric, share('current')));
  const annotations: JsonObject = {
    ...withoutOwn(mapAt(autoscaler, 'metadata.annotations')),
    ...(others.length > 0 ? { [named.metrics]: structJson(others.map(firstMetric)) } : {}),
    ...(currentMetrics.length > 0
      ? { [named.currentMetrics]: structJson(currentMetrics.map(firstCurrentMetric)) }
      : {}),
    ...(isObject(behavior) ? { [named.behavior]: structJson(upperBehavior(behavior)) } : {}),
    ...(conditions.length > 0 ? { [named.conditions]: structJson(conditions.map(conditionInOrder)) } : {}),
  };
  const spec = {
    scaleTargetRef,
    minReplicas,
    maxReplicas,
    targetCPUUtilizationPercentage: metrics.filter(isProcessorShare).map((metric) => at(metric, share('target')))[0],
  };
  const status = {
    observedGeneration,
    lastScaleTime,
    currentReplicas,
    desiredReplicas,
    currentCPUUtilizationPercentage: currentShare.filter((each) => each !== undefined).at(-1),
  };
  return whole('v1', autoscaler, annotations, { spec, status });
}

/** An autoscaler of autoscaling/v1 as autoscaling/v2 has it. Annotations that cannot be read say nothing. */
export function toSecondVersion(autoscaler: JsonObject): JsonObject {
  const { scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage } = mapAt(autoscaler, 'spec');
  const { observedGeneration, lastScaleTime, currentReplicas, desiredReplicas, currentCPUUtilizationPercentage } =
    mapAt(autoscaler, 'status');
  const annotations = mapAt(autoscaler, 'metadata.annotations');
  const metrics = [
    ...(listIn(annotations[named.metrics])?.map(secondMetric) ?? []),
    ...(typeof targetCPUUtilizationPercentage === 'number' ? [processorShare(targetCPUUtilizationPercentage)] : []),
  ];
  const averageUtilization = currentCPUUtilizationPercentage;
  const current =
    typeof averageUtilization === 'number'
      ? [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization } } }]
      : null;
  const spec = {
    scaleTargetRef,
    minReplicas,
    maxReplicas,
    metrics: metrics.length > 0 ? metrics : defaultMetrics(),
    behavior: lowerBehavior(read(annotations[named.behavior])),
  };
  const status = {
    observedGeneration,
    lastScaleTime,
    currentReplicas,
    desiredReplicas,
    currentMetrics: listIn(annotations[named.currentMetrics])?.map(secondCurrentMetric) ?? current,
    conditions: listIn(annotations[named.conditions]),
  };
  return whole('v2', autoscaler, withoutOwn(annotations), { spec, status });
}

/** @param parts its spec and its status; what is undefined is left out */
function whole(version: 'v1' | 'v2', { metadata }: JsonObject, annotations: JsonObject, parts: JsonObject): JsonObject {
  const { annotations: _before, ...rest } = isObject(metadata) ? metadata : {};
  const sorted = Object.entries(annotations).sort(([one], [other]) => (one < other ? -1 : 1));
  const { value } = goDecode(JSON.parse(JSON.stringify(parts)), `autoscaling${version}.HorizontalPodAutoscaler`);
  return {
    apiVersion: `autoscaling/${version}`,
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...rest, ...(sorted.length > 0 ? { annotations: Object.fromEntries(sorted) } : {}) },
    spec: value['spec'],
    status: value['status'],
  };
}

function withoutOwn(annotations: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !ownAnnotations.includes(name)));
}

const share = (of: 'target' | 'current') => `resource.${of}.averageUtilization`;

function isOfProcessor(metric: JsonObject): boolean {
  return metric['type'] === 'Resource' && textAt(metric, 'resource.name') === 'cpu';
}

function isProcessorShare(metric: JsonObject): boolean {
  return isOfProcessor(metric) && at(metric, share('target')) !== undefined;
}

function processorShare(averageUtilization: number): JsonObject {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function conditionInOrder({ type, status, lastTransitionTime = null, reason, message }: JsonObject): JsonObject {
  return { type, status, lastTransitionTime, reason, message };
}

/** A behavior in its annotation has the names of Go's fields, and all of them. */
function upperBehavior(behavior: JsonObject): JsonObject {
  const rules = (name: string) => {
    const given = behavior[name];
    if (!isObject(given)) return null;
    const { stabilizationWindowSeconds = null, selectPolicy = null, tolerance = null } = given;
    const policies = Array.isArray(given['policies'])
      ? listAt(given, 'policies').map(({ type, value, periodSeconds }) => ({
          Type: type,
          Value: value,
          PeriodSeconds: periodSeconds,
        }))
      : null;
    return {
      StabilizationWindowSeconds: stabilizationWindowSeconds,
      SelectPolicy: selectPolicy,
      Policies: policies,
      Tolerance: tolerance,
    };
  };
  return { ScaleUp: rules('scaleUp'), ScaleDown: rules('scaleDown') };
}

function lowerBehavior(behavior: unknown): JsonObject | undefined {
  if (!isObject(behavior)) return undefined;
  const { scaleUp, scaleDown } = lowered(behavior);
  const rules = { ...(isObject(scaleUp) ? { scaleUp } : {}), ...(isObject(scaleDown) ? { scaleDown } : {}) };
  return Object.keys(rules).length > 0 ? rules : undefined;
}

/** The same with names that begin small; what is null is left out. */
function lowered(value: JsonObject): JsonObject {
  const lower = (each: unknown): unknown =>
    Array.isArray(each) ? each.map(lower) : isObject(each) ? lowered(each) : each;
  const members = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(members.map(([name, each]) => [name[0]!.toLowerCase() + name.slice(1), lower(each)]));
}

function listIn(text: unknown): JsonObject[] | undefined {
  const value = read(text);
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

function read(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON in the order of its fields: those of a struct. */
function structJson(value: unknown): string {
  return escapedJson(JSON.stringify(value));
}
