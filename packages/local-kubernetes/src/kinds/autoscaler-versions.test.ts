import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../schema/schema.ts';
import { toFirstVersion, toSecondVersion } from './autoscaler-versions.ts';
import { goDecode } from './go-decode.ts';

const scaleTargetRef = { kind: 'MiniCluster', name: 'sample', apiVersion: 'flux-framework.org/v1alpha2' };
const noStatus = { desiredReplicas: 0, currentMetrics: null };
const annotated = (name: string, value: unknown) => ({
  [`autoscaling.alpha.kubernetes.io/${name}`]: typeof value === 'string' ? value : JSON.stringify(value),
});

function second(spec: object, status: object = noStatus, annotations?: object): JsonObject {
  const metadata = { name: 'made', ...(annotations ? { annotations } : {}) };
  const { value } = goDecode(
    { spec: { scaleTargetRef, maxReplicas: 3, ...spec }, status },
    'autoscalingv2.HorizontalPodAutoscaler',
  );
  return { ...value, apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata };
}

function first(spec: object, annotations?: object): JsonObject {
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'made', ...(annotations ? { annotations } : {}) },
    spec: { scaleTargetRef, maxReplicas: 3, ...spec },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  };
}

const share = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const ofPods = { type: 'Pods', pods: { metric: { name: 'p' }, target: { type: 'AverageValue', averageValue: '5' } } };
const firstOfPods = { type: 'Pods', pods: { metricName: 'p', targetAverageValue: '5' } };

describe('an autoscaler of v2 in v1', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['a share of processors', second({ metrics: [share(2)] }), first({ targetCPUUtilizationPercentage: 2 })],
    [
      'the first share of several',
      second({ metrics: [share(2), share(3)] }),
      first({ targetCPUUtilizationPercentage: 2 }),
    ],
    [
      'another metric beside it',
      second({ metrics: [ofPods, share(2)] }, noStatus, { z: '1', a: '2' }),
      first({ targetCPUUtilizationPercentage: 2 }, { a: '2', ...annotated('metrics', [firstOfPods]), z: '1' }),
    ],
    [
      'a behavior',
      second({ metrics: [share(2)], behavior: { scaleDown: { selectPolicy: 'Min', policies: null } } }),
      first(
        { targetCPUUtilizationPercentage: 2 },
        annotated('behavior', {
          ScaleUp: null,
          ScaleDown: { StabilizationWindowSeconds: null, SelectPolicy: 'Min', Policies: null, Tolerance: null },
        }),
      ),
    ],
    [
      'signs of HTML',
      second({
        metrics: [{ ...ofPods, pods: { ...ofPods.pods, metric: { name: '<&>' } } }],
      }),
      first(
        {},
        annotated(
          'metrics',
          '[{"type":"Pods","pods":{"metricName":"\\u003c\\u0026\\u003e","targetAverageValue":"5"}}]',
        ),
      ),
    ],
  ])('%s', (_, of, shown) => {
    expect(toFirstVersion(of)).toEqual(shown);
  });

  test('its conditions and what is measured', () => {
    const status = {
      currentReplicas: 1,
      desiredReplicas: 2,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 9 } } }],
      conditions: [{ status: 'True', type: 'AbleToScale', lastTransitionTime: '2026-01-02T03:04:05Z' }],
    };
    const shown = toFirstVersion(second({ metrics: [share(2)] }, status));
    expect(shown['status']).toEqual({ currentReplicas: 1, desiredReplicas: 2, currentCPUUtilizationPercentage: 9 });
    expect(shown['metadata']).toEqual({
      name: 'made',
      annotations: {
        ...annotated('conditions', [
          { type: 'AbleToScale', status: 'True', lastTransitionTime: '2026-01-02T03:04:05Z' },
        ]),
        ...annotated('current-metrics', [
          { type: 'Resource', resource: { name: 'cpu', currentAverageUtilization: 9, currentAverageValue: '0' } },
        ]),
      },
    });
  });
});

describe('an autoscaler of v1 in v2', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['a share of processors', first({ targetCPUUtilizationPercentage: 2 }), second({ metrics: [share(2)] })],
    ['without one, the share that is usual', first({}), second({ metrics: [share(80)] })],
    [
      'metrics of its annotation come first',
      first({ targetCPUUtilizationPercentage: 2 }, annotated('metrics', [firstOfPods])),
      second({ metrics: [ofPods, share(2)] }),
    ],
    [
      'an annotation that is no list',
      first({}, { a: 'b', ...annotated('metrics', '{}') }),
      second({ metrics: [share(80)] }, noStatus, { a: 'b' }),
    ],
    ['one that is no JSON', first({}, annotated('metrics', '[')), second({ metrics: [share(80)] })],
    ['a behavior of nothing', first({}, annotated('behavior', { ScaleUp: null })), second({ metrics: [share(80)] })],
  ])('%s', (_, of, kept) => {
    expect(toSecondVersion(of)).toEqual(kept);
  });
});

test('nothing of v2 is lost on the way to v1 and back', () => {
  const quantity = fc.integer({ min: 1, max: 900 }).map(String);
  const metric = fc.record({ name: fc.string({ minLength: 1 }) }, { requiredKeys: ['name'] });
  const average = quantity.map((averageValue) => ({ type: 'AverageValue', averageValue }));
  const total = quantity.map((value) => ({ type: 'Value', value }));
  const describedObject = fc.constant({ kind: 'Service', name: 'x', apiVersion: 'v1' });
  const metrics = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('Pods'), pods: fc.record({ metric, target: average }) }),
      fc.record({ type: fc.constant('Object'), object: fc.record({ describedObject, metric, target: total }) }),
      fc.record({ type: fc.constant('External'), external: fc.record({ metric, target: fc.oneof(average, total) }) }),
      fc.record({
        type: fc.constant('Resource'),
        resource: fc.record({ name: fc.constant('memory'), target: average }),
      }),
      fc.record({
        type: fc.constant('ContainerResource'),
        containerResource: fc.record({ name: fc.constant('cpu'), container: fc.string(), target: average }),
      }),
    ),
    { minLength: 1 },
  );
  const policies = fc.array(fc.record({ type: fc.constant('Pods'), value: fc.nat(9), periodSeconds: fc.nat(9) }), {
    minLength: 1,
  });
  const rules = fc.record(
    {
      policies,
      selectPolicy: fc.constantFrom('Max', 'Min'),
      stabilizationWindowSeconds: fc.nat(9),
      tolerance: quantity,
    },
    { requiredKeys: ['policies'] },
  );
  const behavior = fc.record({ scaleUp: rules, scaleDown: rules });
  const spec = fc.record({ metrics, behavior, minReplicas: fc.nat(3) }, { requiredKeys: ['metrics'] });
  fc.assert(
    fc.property(spec, (given) => {
      const whole = second(given);
      expect(toSecondVersion(toFirstVersion(whole))).toEqual(whole);
    }),
  );
});
