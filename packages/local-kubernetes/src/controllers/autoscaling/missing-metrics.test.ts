import { describe, expect, it } from 'vitest';
import type { MetricSpec } from './autoscaler-types.ts';
import { missingInAll, missingMetric } from './missing-metrics.ts';

const average = { type: 'AverageValue', averageValue: '1' };
const value = { type: 'Value', value: '1' };
const share = { type: 'Utilization', averageUtilization: 50 };
const resources =
  'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
const custom =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';
const external =
  'unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)';
const service = { apiVersion: 'v1', kind: 'Service', name: 'front' };

describe('a metric that nobody serves', () => {
  // The words of kube-controller-manager 1.35.4.
  it.each<[spec: Omit<MetricSpec, 'type'>, reason: string, message: string, of: string]>([
    [
      { resource: { name: 'cpu', target: share } },
      'FailedGetResourceMetric',
      `failed to get cpu utilization: unable to get metrics for resource cpu: ${resources}`,
      'failed to get cpu resource metric value',
    ],
    [
      { resource: { name: 'memory', target: average } },
      'FailedGetResourceMetric',
      `failed to get memory usage: unable to get metrics for resource memory: ${resources}`,
      'failed to get memory resource metric value',
    ],
    [
      { containerResource: { name: 'cpu', container: 'main', target: share } },
      'FailedGetContainerResourceMetric',
      `failed to get cpu utilization: unable to get metrics for resource cpu: ${resources}`,
      'failed to get main container metric value',
    ],
    [
      { pods: { metric: { name: 'requests' }, target: average } },
      'FailedGetPodsMetric',
      `unable to get metric requests: ${custom}`,
      'failed to get pods metric value',
    ],
    [
      { object: { describedObject: service, metric: { name: 'hits' }, target: value } },
      'FailedGetObjectMetric',
      `unable to get metric hits: Service on space front/${custom}`,
      'failed to get object metric value',
    ],
    [
      { object: { describedObject: service, metric: { name: 'hits' }, target: average } },
      'FailedGetObjectMetric',
      `unable to get metric hits: Service on space front/${custom}`,
      'failed to get object metric value: failed to get hits object metric',
    ],
    [
      { object: { describedObject: service, metric: { name: 'hits' }, target: { ...average, type: 'Value' } } },
      'FailedGetObjectMetric',
      'invalid object metric source: neither a value target nor an average value target was set',
      'failed to get object metric value',
    ],
    [
      { external: { metric: { name: 'queue' }, target: value } },
      'FailedGetExternalMetric',
      `unable to get external metric space/queue/nil: ${external}`,
      'failed to get queue external metric value: failed to get external metric queue',
    ],
    [
      {
        external: {
          metric: {
            name: 'queue',
            selector: {
              matchLabels: { b: '2', a: '1' },
              matchExpressions: [{ key: 'k', operator: 'In', values: ['x', 'y'] }],
            },
          },
          target: average,
        },
      },
      'FailedGetExternalMetric',
      `unable to get external metric space/queue/&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}: ${external}`,
      'failed to get queue external metric value: failed to get queue external metric',
    ],
  ])('%j', (spec, reason, message, of) => {
    expect(missingMetric({ type: '', ...spec }, 'space')).toEqual({ reason, message, of });
  });

  it('is summed up by the first of all', () => {
    const all = ['a', 'b'].map((name) => ({ reason: name, message: `no ${name}`, of: `of ${name}` }));
    expect(missingInAll(all)).toBe('invalid metrics (2 invalid out of 2), first error is: of a: no a');
  });
});
