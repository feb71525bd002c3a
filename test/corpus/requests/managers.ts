import { type CorpusRequest, jsonPatch } from '../corpus-request.ts';
import { definition, definitions, group, served } from './definitions/definition.ts';
import { applyTo, change, goes, inNamespace, post } from './kinds/kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-managers');
const integers = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { type: 'integer' }]));
const parts = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, weight: { type: 'integer' } },
  },
};
const properties = {
  spec: { type: 'object', properties: { ...integers('a', 'b', 'c'), parts } },
  status: { type: 'object', properties: integers('a', 'b') },
};
const version = (name: string, rest: object = {}) =>
  served(name, properties, { subresources: { status: {} }, ...rest });

/** Requests to objects of one kind, in any of its versions. */
function requestsTo(kind: string, pathOf: (version: string) => string, apiVersionOf: (version: string) => string) {
  const sent = (version: string, name: string, rest: object) => ({
    apiVersion: apiVersionOf(version),
    kind,
    ...rest,
    metadata: { name, ...(rest as { metadata?: object }).metadata },
  });
  return {
    /** @param to a name, with `/status` and `&force=true` behind it where that is meant */
    applies: (what: string, version: string, to: string, manager: string, rest: object): CorpusRequest => {
      const [name = '', query] = to.split('&');
      const path = `${pathOf(version)}/${name}?fieldManager=${manager}${query ? `&${query}` : ''}`;
      return applyTo(what, path, sent(version, name.split('/')[0] ?? '', rest));
    },
    patches: (what: string, version: string, to: string, manager: string, body: object): CorpusRequest =>
      change(what, `${pathOf(version)}/${to}?fieldManager=${manager}`, body),
    puts: (what: string, version: string, to: string, manager: string, rest: object): CorpusRequest => ({
      name: what,
      method: 'PUT',
      path: `${pathOf(version)}/${to}?fieldManager=${manager}`,
      body: sent(version, to.split('/')[0] ?? '', rest),
    }),
    makes: (what: string, version: string, name: string, rest: object): CorpusRequest =>
      post(what, pathOf(version), sent(version, name, rest)),
    shows: (what: string, version: string, name: string): CorpusRequest => ({
      name: what,
      path: `${pathOf(version)}/${name}`,
    }),
  };
}

const things = requestsTo(
  'Thing',
  (version) => at('things', `apis/${group}/${version}`),
  (version) => `${group}/${version}`,
);
const scalers = requestsTo(
  'HorizontalPodAutoscaler',
  (version) => at('horizontalpodautoscalers', `apis/autoscaling/${version}`),
  (version) => `autoscaling/${version}`,
);
const events = requestsTo(
  'Event',
  (version) => at('events', version === 'core' ? 'api/v1' : 'apis/events.k8s.io/v1'),
  (version) => (version === 'core' ? 'v1' : 'events.k8s.io/v1'),
);

const scaleTargetRef = { apiVersion: 'batch/v1', kind: 'Job', name: 'x' };
const memory = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } },
};
const processor = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const heldBy = (manager: string, apiVersion: string, fields: object, operation = 'Update') => ({
  manager,
  operation,
  apiVersion,
  time: '2026-01-01T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: fields,
});
const held = (...entries: readonly object[]) => ({ metadata: { managedFields: entries } });
/** Versions that a kind of the group does not have. */
const strangersTo = (group: string) =>
  [
    ['of a version that is not there', `${group}/v9`],
    ['of another group', 'other.example.com/v1'],
    ['of no group', 'v1'],
    ['of no version', ''],
    ['of what is no version', 'a/b/c'],
  ] as const;
const about = { kind: 'Pod', namespace: 'corpus-managers', name: 'x' };

/** Who holds which field, where managers write in several versions of a kind. */
export const managerRequests: readonly CorpusRequest[] = [
  ...opens,
  post(
    'things',
    definitions,
    definition('things', 'Thing', {
      versions: [version('v1', { storage: true }), version('v1beta1'), version('v1alpha1', { served: false })],
    }),
  ),
  { name: 'things are served', path: at('things', `apis/${group}/v1`), until: 200 },
  things.applies('applied in an older version', 'v1beta1', 'one', 'first', {
    spec: { a: 1, b: 2, parts: [{ name: 'x', weight: 1 }, { name: 'y' }] },
  }),
  things.applies('in conflict with the older version', 'v1', 'one', 'second', { spec: { a: 3, c: 4 } }),
  things.applies('by force', 'v1', 'one&force=true', 'second', { spec: { a: 3, c: 4, parts: [{ name: 'x' }] } }),
  things.applies('less, in the newer version', 'v1', 'one', 'first', { spec: { parts: [{ name: 'y', weight: 5 }] } }),
  things.applies('less, in the older version again', 'v1beta1', 'one', 'first', { spec: {} }),
  things.patches('a change in the older version', 'v1beta1', 'one', 'third', { spec: { c: 5, b: 6 } }),
  things.patches('a change in the newer version', 'v1', 'one', 'third', { spec: { c: 6, b: null } }),
  things.patches('a status of the older version', 'v1beta1', 'one/status', 'older', { status: { a: 1, b: 1 } }),
  things.patches('a status of the newer version', 'v1', 'one/status', 'newer', { status: { b: 2 } }),
  things.patches('a status where it is not taken', 'v1', 'one', 'fourth', { spec: { a: 9 }, status: { a: 7, b: 7 } }),
  things.applies('a status applied where it is not taken', 'v1beta1', 'one', 'fifth', {
    spec: { a: 9 },
    status: { a: 8, b: 8 },
  }),
  things.applies('a status applied', 'v1', 'one/status', 'fifth', { spec: { a: 1 }, status: { a: 8, b: 2 } }),
  things.puts('all in the older version', 'v1beta1', 'one', 'sixth', { spec: { a: 10 } }),
  things.shows('the thing, in the newer version', 'v1', 'one'),
  ...strangersTo(group).flatMap(([what, apiVersion]) => [
    things.patches(`a thing’s manager ${what}`, 'v1', 'one', 'seventh', {
      ...held(
        heldBy('unknown', apiVersion, { 'f:spec': { 'f:a': {} } }),
        heldBy('known', `${group}/v1beta1`, { 'f:spec': { 'f:b': {} } }, 'Apply'),
      ),
    }),
    things.applies(`applied beside a thing’s manager ${what}`, 'v1', 'one&force=true', 'known', { spec: { b: 11 } }),
    things.patches(`changed beside a thing’s manager ${what}`, 'v1', 'one', 'seventh', { spec: { c: 13 } }),
  ]),
  things.patches('a manager of a version that is not served', 'v1', 'one', 'seventh', {
    ...held(
      heldBy('unserved', `${group}/v1alpha1`, { 'f:spec': { 'f:a': {}, 'f:c': {} } }),
      heldBy('known', `${group}/v1beta1`, { 'f:spec': { 'f:a': {} } }, 'Apply'),
    ),
    spec: { c: 12 },
  }),
  things.applies('applied beside a manager of a version that is not served', 'v1', 'one&force=true', 'known', {
    spec: { b: 11 },
  }),
  goes('the thing goes', `${at('things', `apis/${group}/v1`)}/one`),

  scalers.applies('an autoscaler of v1', 'v1', 'one', 'first', {
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 3, targetCPUUtilizationPercentage: 5 },
  }),
  scalers.applies('in conflict with v1', 'v2', 'one', 'second', { spec: { maxReplicas: 4, metrics: [memory] } }),
  scalers.applies('metrics by force', 'v2', 'one&force=true', 'second', {
    spec: { scaleTargetRef, maxReplicas: 4, metrics: [memory, processor(7)] },
  }),
  scalers.shows('its fields in v1', 'v1', 'one'),
  scalers.applies('in conflict with v2', 'v1', 'one', 'first', {
    spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 9 },
  }),
  scalers.applies('less of v1', 'v1', 'one', 'first', { spec: { scaleTargetRef } }),
  scalers.applies('no share in v2', 'v2', 'one', 'second', {
    spec: { scaleTargetRef, maxReplicas: 4, metrics: [memory] },
  }),
  scalers.applies('the same in v1', 'v1', 'one', 'second', { spec: { scaleTargetRef, maxReplicas: 4 } }),
  scalers.applies('a share in v1', 'v1', 'one', 'second', {
    spec: { scaleTargetRef, maxReplicas: 4, targetCPUUtilizationPercentage: 11 },
  }),
  scalers.applies('all of it in v2', 'v2', 'one', 'second', { spec: { scaleTargetRef, maxReplicas: 6 } }),
  scalers.patches('a change in v2', 'v2', 'one', 'third', {
    spec: { metrics: [processor(70)], behavior: { scaleDown: { selectPolicy: 'Min' } } },
  }),
  scalers.patches('a change in v1', 'v1', 'one', 'third', { spec: { targetCPUUtilizationPercentage: 71 } }),
  scalers.patches('a status in v2', 'v2', 'one/status', 'older', {
    status: { currentReplicas: 2, conditions: [{ type: 'ScalingActive', status: 'True', reason: 'R' }] },
  }),
  scalers.patches('a status in v1', 'v1', 'one/status', 'newer', {
    status: { currentReplicas: 3, desiredReplicas: 4 },
  }),
  scalers.patches('a status of v1 where it is not taken', 'v1', 'one', 'fourth', {
    spec: { minReplicas: 1 },
    status: { currentReplicas: 9 },
  }),
  scalers.applies('a status applied in v2', 'v2', 'one/status', 'fifth', { status: { currentReplicas: 9 } }),
  ...strangersTo('autoscaling').flatMap(([what, apiVersion]) => [
    scalers.patches(`a manager ${what}`, 'v1', 'one', 'sixth', {
      ...held(
        heldBy('unknown', apiVersion, { 'f:spec': { 'f:maxReplicas': {} } }),
        heldBy('known', 'autoscaling/v2', { 'f:spec': { 'f:maxReplicas': {}, 'f:metrics': {} } }),
      ),
    }),
    scalers.applies(`applied beside a manager ${what}`, 'v1', 'one&force=true', 'known', {
      spec: { scaleTargetRef, maxReplicas: 8 },
    }),
    scalers.patches(`changed beside a manager ${what}`, 'v1', 'one', 'sixth', { spec: { maxReplicas: 9 } }),
  ]),
  goes('the autoscaler goes', `${at('horizontalpodautoscalers', 'apis/autoscaling/v1')}/one`),

  things.makes('made with managers', 'v1', 'two', {
    ...held(heldBy('known', `${group}/v1beta1`, { 'f:spec': { 'f:b': {} } }, 'Apply')),
    spec: { a: 1, b: 2 },
  }),
  ...(
    [
      ['none', []],
      ['one that says nothing', [{}]],
      ['two that say nothing', [{}, {}]],
      ['one without a type of fields', [{ ...heldBy('x', `${group}/v1`, { 'f:spec': {} }), fieldsType: '' }]],
      ['one of another type of fields', [{ ...heldBy('x', `${group}/v1`, { 'f:spec': {} }), fieldsType: 'V2' }]],
      ['one without fields', [{ ...heldBy('x', `${group}/v1`, {}), fieldsV1: null }]],
      ['one of no fields', [heldBy('x', `${group}/v1`, {})]],
      ['one without a name', [heldBy('', `${group}/v1`, { 'f:spec': { 'f:a': {} } })]],
      ['one twice', [1, 2].map(() => heldBy('x', `${group}/v1`, { 'f:spec': { 'f:a': {} } }))],
      ['a field without a colon', [heldBy('x', `${group}/v1`, { spec: {} })]],
      ['a field of one letter', [heldBy('x', `${group}/v1`, { f: {} })]],
      ['a field of another sort', [heldBy('x', `${group}/v1`, { 'z:spec': {}, 'f:spec': { 'f:a': {} } })]],
      ['a field that is a number', [heldBy('x', `${group}/v1`, { 'f:spec': 1 })]],
      ['a key that is no JSON', [heldBy('x', `${group}/v1`, { 'f:spec': { 'k:name': {} } })]],
      ['a value that is no JSON', [heldBy('x', `${group}/v1`, { 'f:spec': { 'v:name': {} } })]],
      ['an index that is no number', [heldBy('x', `${group}/v1`, { 'f:spec': { 'i:name': {} } })]],
    ] as const
  ).flatMap(([what, managedFields]) => [
    things.patches(`sent: ${what}`, 'v1', 'two', 'second', { metadata: { managedFields }, spec: { a: 4 } }),
    things.applies(`applied upon: ${what}`, 'v1', 'two&force=true', 'first', { spec: { b: 3 } }),
  ]),
  things.patches('managers by way of a subresource', 'v1', 'two/status', 'second', {
    ...held(heldBy('x', `${group}/v1`, { 'f:spec': { 'f:a': {} } })),
    status: { a: 1 },
  }),
  events.makes('an event', 'core', 'one', {
    involvedObject: about,
    reason: 'R',
    message: 'm',
    type: 'Normal',
    source: { component: 'c', host: 'h' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 2,
  }),
  events.applies('a message applied', 'core', 'one&force=true', 'first', { involvedObject: about, message: 'n' }),
  events.applies('in conflict with a message', 'new', 'one', 'second', { regarding: about, note: 'o' }),
  events.applies('a note by force', 'new', 'one&force=true', 'second', { regarding: about, note: 'o' }),
  events.patches('a message once more', 'core', 'one', 'third', { message: 'p', count: 3 }),
  events.patches('a count by its newer name', 'new', 'one', 'third', { deprecatedCount: 4 }),
  change('a label', `${at('events', 'apis/events.k8s.io/v1')}/one`, { metadata: { labels: { l: 'm' } } }),
  events.shows('the event', 'core', 'one'),
  events.shows('the event by its newer names', 'new', 'one'),
  goes('the event goes', `${at('events')}/one`),
  things.makes('a thing of a version that goes', 'v1beta1', 'old', { spec: { a: 1, b: 2 } }),
  things.applies('applied in a version that goes', 'v1beta1', 'old', 'first', { spec: { c: 3 } }),
  {
    name: 'a version is defined no more',
    method: 'PATCH',
    path: `${definitions}/things.${group}`,
    headers: jsonPatch,
    body: [{ op: 'remove', path: '/spec/versions/1' }],
    ignoresBody: true,
  },
  { name: 'it is served no more', path: at('things', `apis/${group}/v1beta1`), until: 404, ignoresBody: true },
  things.applies('applied where a version has gone', 'v1', 'old', 'first', { spec: { c: 4 } }),
  things.patches('changed where a version has gone', 'v1', 'old', 'second', { spec: { c: 5 } }),
  things.applies('applied where it has gone once more', 'v1', 'old', 'first', { spec: { c: 5 } }),
  { name: 'things go', method: 'DELETE', path: `${definitions}/things.${group}`, ignoresBody: true },
  { name: 'things are gone', path: `${definitions}/things.${group}`, until: 404 },
  ...closes,
];
