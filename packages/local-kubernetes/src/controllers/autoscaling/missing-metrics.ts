/**
 * What a HorizontalPodAutoscaler says of each metric on a cluster that serves no metrics API. Pure.
 * Facts: k8s.io/kubernetes pkg/controller/podautoscaler, k8s.io/metrics pkg/client.
 */
import { labelSelectorText } from '../../kinds/label-selector-text.ts';
import type { MetricSpec } from './autoscaler-types.ts';

export interface MissingMetric {
  /** Of the event, and of the condition ScalingActive. */
  readonly reason: string;
  readonly message: string;
  /** What stands before the message where all metrics are summed up. */
  readonly of: string;
}

/** The answer of a server to a request for a resource that it does not serve, as a client words it. */
const noResource = (resource: string) => `the server could not find the requested resource (get ${resource})`;
const noCustomMetrics =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

/** Why a metric of an autoscaler in this namespace cannot be had. */
export function missingMetric(spec: MetricSpec, namespace: string): MissingMetric {
  const { resource, containerResource, pods, object, external } = spec;
  if (resource) {
    return {
      reason: 'FailedGetResourceMetric',
      message: noUsage(resource),
      of: `failed to get ${resource.name} resource metric value`,
    };
  }
  if (containerResource) {
    return {
      reason: 'FailedGetContainerResourceMetric',
      message: noUsage(containerResource),
      of: `failed to get ${containerResource.container} container metric value`,
    };
  }
  if (pods) {
    const message = `unable to get metric ${pods.metric.name}: ${noCustomMetrics}`;
    return { reason: 'FailedGetPodsMetric', message, of: 'failed to get pods metric value' };
  }
  if (object) {
    const { metric, target, describedObject } = object;
    // The real controller hands over its words in this order.
    const why = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/${noCustomMetrics}`;
    const isAverage = target.type === 'AverageValue' && target.averageValue !== undefined;
    const isValue = target.type === 'Value' && target.value !== undefined;
    const message =
      isAverage || isValue
        ? why
        : 'invalid object metric source: neither a value target nor an average value target was set';
    return {
      reason: 'FailedGetObjectMetric',
      message,
      of: `failed to get object metric value${isAverage ? `: failed to get ${metric.name} object metric` : ''}`,
    };
  }
  const { name, selector } = external!.metric;
  const of = external!.target.averageValue === undefined ? `external metric ${name}` : `${name} external metric`;
  const why = `unable to fetch metrics from external metrics API: ${noResource(`${name}.external.metrics.k8s.io`)}`;
  return {
    reason: 'FailedGetExternalMetric',
    message: `unable to get external metric ${namespace}/${name}/${labelSelectorText(selector)}: ${why}`,
    of: `failed to get ${name} external metric value: failed to get ${of}`,
  };
}

function noUsage({ name, target }: NonNullable<MetricSpec['resource']>): string {
  const wanted = target.averageValue === undefined ? 'utilization' : 'usage';
  const why = `unable to fetch metrics from resource metrics API: ${noResource('pods.metrics.k8s.io')}`;
  return `failed to get ${name} ${wanted}: unable to get metrics for resource ${name}: ${why}`;
}

/** Of all of them, told by the first. */
export function missingInAll(missing: readonly MissingMetric[]): string {
  const [first] = missing as [MissingMetric];
  const count = `${missing.length} invalid out of ${missing.length}`;
  return `invalid metrics (${count}), first error is: ${first.of}: ${first.message}`;
}
