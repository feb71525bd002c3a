import { type CorpusRequest, jsonPatch, strategicPatch, table } from '../../corpus-request.ts';
import { applyTo, bad, change, goes, inNamespace, make } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-scalers');
const first = at('horizontalpodautoscalers', 'apis/autoscaling/v1');
const second = at('horizontalpodautoscalers', 'apis/autoscaling/v2');
const scaleTargetRef = { apiVersion: 'batch/v1', kind: 'Job', name: 'x' };
const annotation = (name: string, value: unknown) => ({
  metadata: {
    name: 'made',
    annotations: { [`autoscaling.alpha.kubernetes.io/${name}`]: JSON.stringify(value), b: 'c' },
  },
});
const asBoth = (what: string): readonly CorpusRequest[] => [
  { name: `${what}, as v1 has it`, path: `${first}/made` },
  { name: `${what}, as v2 has it`, path: `${second}/made` },
];
const selector = { matchLabels: { a: 'b' } };
const crossing = { kind: 'Service', name: 'x', apiVersion: 'v1' };

const everyMetric = [
  { type: 'Object', object: { describedObject: crossing, metric: { name: 'm', selector }, target: value('10') } },
  { type: 'Object', object: { describedObject: crossing, metric: { name: 'm' }, target: average('1500m') } },
  { type: 'Pods', pods: { metric: { name: 'p', selector }, target: average('1k') } },
  { type: 'Resource', resource: { name: 'memory', target: average('100Mi') } },
  { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 3 } } },
  { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', target: average('1') } },
  { type: 'External', external: { metric: { name: 'e<&>', selector }, target: value('3') } },
  { type: 'External', external: { metric: { name: 'e' }, target: average('4') } },
  share(60),
];

const everyCurrentMetric = [
  { type: 'Object', object: { describedObject: crossing, metric: { name: 'm', selector }, current: { value: '10' } } },
  { type: 'Pods', pods: { metric: { name: 'p' }, current: { averageValue: '1k' } } },
  { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 12, averageValue: '120m' } } },
  { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', current: { averageValue: '1' } } },
  { type: 'External', external: { metric: { name: 'e', selector }, current: { value: '3', averageValue: '1' } } },
];

function share(averageUtilization: number) {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function value(of: string) {
  return { type: 'Value', value: of };
}

function average(of: string) {
  return { type: 'AverageValue', averageValue: of };
}

/** HorizontalPodAutoscalers in both of their versions. */
export const autoscalerRequests: readonly CorpusRequest[] = [
  ...opens,
  { name: 'what of autoscaling is served', path: '/apis/autoscaling' },
  { name: 'what of its first version is served', path: '/apis/autoscaling/v1' },

  make(first)('one of v1', { spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 2 } }),
  ...asBoth('one of v1'),
  { name: 'the table of v1', path: first, headers: table },
  change('another share', `${first}/made`, { spec: { targetCPUUtilizationPercentage: 5, minReplicas: 2 } }),
  {
    name: 'no share',
    method: 'PATCH',
    path: `${first}/made`,
    headers: jsonPatch,
    body: [remove('targetCPUUtilizationPercentage')],
  },
  ...asBoth('no share'),
  change('a strategic one', `${first}/made`, { spec: { maxReplicas: 7 } }),
  {
    ...change('by name', `${first}/made`, { spec: { minReplicas: 3, targetCPUUtilizationPercentage: 60 } }),
    headers: strategicPatch,
  },
  change('every metric', `${second}/made`, { spec: { metrics: everyMetric } }),
  ...asBoth('every metric'),
  change('a change of v1 beside them', `${first}/made`, { spec: { targetCPUUtilizationPercentage: 61 } }),
  ...asBoth('a change beside them'),
  change('a behavior', `${second}/made`, {
    spec: {
      behavior: {
        scaleUp: { policies: [{ type: 'Pods', value: 2, periodSeconds: 9 }] },
        scaleDown: { selectPolicy: 'Min' },
      },
    },
  }),
  change('a label', `${first}/made`, { metadata: { labels: { l: 'm' } } }),
  ...asBoth('a behavior'),
  change('a status', `${second}/made/status`, {
    status: {
      observedGeneration: 4,
      currentReplicas: 1,
      desiredReplicas: 2,
      currentMetrics: everyCurrentMetric,
      conditions: [
        {
          type: 'AbleToScale',
          status: 'True',
          lastTransitionTime: '2026-01-02T03:04:05Z',
          reason: 'R',
          message: 'a < b',
        },
        { type: 'ScalingActive', status: 'Unknown' },
      ],
    },
  }),
  ...asBoth('a status'),
  { name: 'its table in v1', path: `${first}/made`, headers: table },
  change('a status of v1', `${first}/made/status`, {
    status: { currentReplicas: 5, currentCPUUtilizationPercentage: 9 },
  }),
  ...asBoth('a status of v1'),
  { name: 'its status', path: `${first}/made/status` },
  change('another share in v2', `${second}/made`, { spec: { metrics: [share(70)] } }),
  goes('it goes', `${first}/made`),

  make(first)('none of its metrics', { spec: { scaleTargetRef, maxReplicas: 3 } }),
  ...asBoth('none of its metrics'),
  goes('none of its metrics goes', `${second}/made`),
  make(first)('annotations that say more', {
    ...annotation('metrics', [
      { type: 'Pods', pods: { metricName: 'p', targetAverageValue: '5' } },
      { type: 'Resource' },
    ]),
    spec: { scaleTargetRef, maxReplicas: 3 },
  }),
  make(first)('metrics in an annotation', {
    ...annotation('metrics', [{ type: 'Pods', pods: { metricName: 'p', targetAverageValue: '5' } }]),
    spec: { scaleTargetRef, maxReplicas: 3 },
  }),
  ...asBoth('metrics in an annotation'),
  goes('the metrics go', `${first}/made`),
  make(first)('a behavior in an annotation', {
    ...annotation('behavior', { ScaleDown: { Policies: [{ Type: 'Pods', Value: 1, PeriodSeconds: 60 }] } }),
    spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
  }),
  goes('the behavior goes', `${first}/made`),
  make(first)('an annotation that is no list', {
    ...annotation('metrics', 'x'),
    spec: { scaleTargetRef, maxReplicas: 3 },
  }),
  ...asBoth('an annotation that is no list'),
  make(second)('an annotation in v2', { ...annotation('metrics', 'x'), spec: { scaleTargetRef, maxReplicas: 3 } }),
  goes('the annotation goes', `${first}/made`),

  applyTo(
    'applied',
    `${first}/applied?fieldManager=a`,
    applied('v1', { maxReplicas: 3, targetCPUUtilizationPercentage: 5 }),
  ),
  applyTo('applied anew', `${first}/applied?fieldManager=a`, applied('v1', { maxReplicas: 4 })),
  applyTo('applied by another', `${first}/applied?fieldManager=b`, applied('v1', { maxReplicas: 5 })),
  goes('what was applied goes', `${first}/applied`),

  bad(first)('nothing', {}),
  bad(first)('bounds', { spec: { scaleTargetRef: { kind: 'a/b', name: '' }, minReplicas: 5, maxReplicas: -1 } }),
  bad(first)('a share', { spec: { scaleTargetRef, maxReplicas: 1, targetCPUUtilizationPercentage: 0 } }),
  bad(first)('a field of v2', { spec: { scaleTargetRef, maxReplicas: 1, metrics: [] } }),
  bad(first)('a type', { spec: { scaleTargetRef, maxReplicas: '1' } }),
  bad(first)('another version', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    spec: { scaleTargetRef, maxReplicas: 1 },
  }),
  bad(first)('none down to zero', { spec: { scaleTargetRef, minReplicas: 0, maxReplicas: 1 } }),
  ...closes,
];

function remove(field: string) {
  return { op: 'remove', path: `/spec/${field}` };
}

function applied(version: string, spec: object) {
  return {
    apiVersion: `autoscaling/${version}`,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'applied' },
    spec: { scaleTargetRef, ...spec },
  };
}
