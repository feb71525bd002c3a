import { applyPatch, type CorpusRequest, mergePatch, strategicPatch, table } from '../corpus-request.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const group = 'corpus.example.com';
const widgets = `/apis/${group}/v1/namespaces/corpus-custom/widgets`;
const post = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'POST', path, body });
const change = (name: string, path: string, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers: mergePatch,
  body,
});

const spec = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', format: 'int32', minimum: 1, maximum: 100 },
    maxSize: { type: 'integer', format: 'int32' },
    mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast' },
    name: { type: 'string', maxLength: 10, pattern: '^[a-z]+$' },
    port: { 'x-kubernetes-int-or-string': true },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', maxItems: 5, items: { type: 'string' } },
    parts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, weight: { type: 'integer', default: 1 } },
      },
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    fixed: {
      type: 'string',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed cannot change' }],
    },
  },
  'x-kubernetes-validations': [
    { rule: '!has(self.maxSize) || self.maxSize >= self.size', message: 'maxSize must not be below size' },
  ],
};

const definition = (
  plural: string,
  kind: string,
  rest: object = {},
  schema: object = {
    type: 'object',
    properties: {
      spec,
      status: { type: 'object', properties: { size: { type: 'integer' }, selector: { type: 'string' } } },
    },
  },
) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural, kind, ...(plural === 'widgets' ? { shortNames: ['wd'], categories: ['all'] } : {}) },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.size',
            statusReplicasPath: '.status.size',
            labelSelectorPath: '.status.selector',
          },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Mode', type: 'string', jsonPath: '.spec.mode', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
      { name: 'v1alpha1', served: true, storage: false, schema: { openAPIV3Schema: schema } },
    ],
    ...rest,
  },
});

const badSchema = (why: string, schema: object) =>
  post(`bad definition: ${why}`, definitions, definition('things', 'Thing', {}, schema));
const widget = (name: string, body: object, version = 'v1') => ({
  apiVersion: `${group}/${version}`,
  kind: 'Widget',
  metadata: { name },
  ...body,
});

/** Definitions good and bad, and what they serve: defaults, pruning, validation, rules, subresources, versions. */
export const customResourceRequests: readonly CorpusRequest[] = [
  post('a namespace', '/api/v1/namespaces', { metadata: { name: 'corpus-custom' } }),
  post('bad definition: nothing', definitions, { metadata: { name: 'x' } }),
  post('bad definition: its name', definitions, { ...definition('things', 'Thing'), metadata: { name: 'other' } }),
  post('bad definition: scope', definitions, definition('things', 'Thing', { scope: 'Some' })),
  post('bad definition: no versions', definitions, definition('things', 'Thing', { versions: [] })),
  post(
    'bad definition: no storage version',
    definitions,
    definition('things', 'Thing', {
      versions: [{ name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } }],
    }),
  ),
  post(
    'bad definition: no schema',
    definitions,
    definition('things', 'Thing', { versions: [{ name: 'v1', served: true, storage: true }] }),
  ),
  post(
    'bad definition: a version twice',
    definitions,
    definition('things', 'Thing', {
      versions: [0, 1].map((index) => ({
        name: 'v1',
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: 'object' } },
      })),
    }),
  ),
  badSchema('no type', {}),
  badSchema('no object', { type: 'string' }),
  badSchema('a property without a type', { type: 'object', properties: { spec: {} } }),
  badSchema('types inside oneOf', {
    type: 'object',
    properties: { spec: { type: 'object', oneOf: [{ type: 'object' }] } },
  }),
  badSchema('a default that does not fit', {
    type: 'object',
    properties: { spec: { type: 'object', properties: { a: { type: 'integer', default: 'x' } } } },
  }),
  badSchema('a bad pattern', { type: 'object', properties: { spec: { type: 'string', pattern: '(' } } }),
  badSchema('a map list without keys', {
    type: 'object',
    properties: { spec: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } },
  }),
  badSchema('a rule that does not parse', {
    type: 'object',
    properties: { spec: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.' }] } },
  }),
  badSchema('a rule about an unknown field', {
    type: 'object',
    properties: { spec: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.nothing == 1' }] } },
  }),
  badSchema('an empty rule', {
    type: 'object',
    properties: { spec: { type: 'object', 'x-kubernetes-validations': [{ rule: '' }] } },
  }),
  post('a definition', definitions, definition('widgets', 'Widget')),
  { name: 'it is served', path: widgets, until: 200 },
  // What is served is told of a moment after it is.
  { name: 'its resources', path: `/apis/${group}/v1`, until: 200 },
  { name: 'its group', path: `/apis/${group}`, until: 200 },
  post(
    'a widget',
    widgets,
    widget('one', {
      spec: { size: 2, fixed: 'a', tags: ['x'], parts: [{ name: 'p' }], open: { any: { thing: 1 } }, port: 'http' },
      status: { size: 9 },
    }),
  ),
  { name: 'it is there', path: `${widgets}/one` },
  { name: 'in its other version', path: `/apis/${group}/v1alpha1/namespaces/corpus-custom/widgets/one` },
  post(
    'made in the other version',
    `/apis/${group}/v1alpha1/namespaces/corpus-custom/widgets`,
    widget('two', { spec: { size: 1 } }, 'v1alpha1'),
  ),
  { name: 'the list', path: widgets },
  { name: 'the table', path: `${widgets}?includeObject=None`, headers: table, ignoresBody: true },
  post('no spec', widgets, widget('bad', {})),
  post('no size', widgets, widget('bad', { spec: {} })),
  post('a size too small', widgets, widget('bad', { spec: { size: 0 } })),
  post('a size too large', widgets, widget('bad', { spec: { size: 101 } })),
  post('a size that is no number', widgets, widget('bad', { spec: { size: 'two' } })),
  post('a size that is no whole number', widgets, widget('bad', { spec: { size: 1.5 } })),
  post('a mode that is none', widgets, widget('bad', { spec: { size: 1, mode: 'other' } })),
  post('a name too long, and against its pattern', widgets, widget('bad', { spec: { size: 1, name: 'ABCDEFGHIJKL' } })),
  post('a tag twice', widgets, widget('bad', { spec: { size: 1, tags: ['a', 'a'] } })),
  post('too many tags', widgets, widget('bad', { spec: { size: 1, tags: ['a', 'b', 'c', 'd', 'e', 'f'] } })),
  post('a part twice', widgets, widget('bad', { spec: { size: 1, parts: [{ name: 'a' }, { name: 'a' }] } })),
  post('a part without a name', widgets, widget('bad', { spec: { size: 1, parts: [{ weight: 2 }] } })),
  post('null', widgets, widget('bad', { spec: { size: null } })),
  post('a rule broken', widgets, widget('bad', { spec: { size: 5, maxSize: 3 } })),
  post('several things wrong', widgets, widget('bad', { spec: { size: 0, mode: 'x', name: 'Q', tags: 'no' } })),
  post('an unknown field', widgets, widget('pruned', { spec: { size: 1, nothing: 2 }, extra: 3 })),
  post(
    'an unknown field, strict',
    `${widgets}?fieldValidation=Strict`,
    widget('strict', { spec: { size: 1, nothing: 2 }, extra: 3 }),
  ),
  post('a bad name', widgets, widget('A_b', { spec: { size: 1 } })),
  post('another kind', widgets, { ...widget('x', { spec: { size: 1 } }), kind: 'Gadget' }),
  post('another version', widgets, widget('x', { spec: { size: 1 } }, 'v1alpha1')),
  post('without a kind', widgets, { metadata: { name: 'x' }, spec: { size: 1 } }),
  change('a change', `${widgets}/one`, { spec: { size: 3 } }),
  change('nothing new', `${widgets}/one`, { spec: { size: 3 } }),
  change('a transition rule', `${widgets}/one`, { spec: { fixed: 'b' } }),
  change('status through the front', `${widgets}/one`, { status: { size: 5 } }),
  change('status', `${widgets}/one/status`, { status: { size: 3, selector: 'a=b' }, spec: { size: 50 } }),
  change('status of a wrong type', `${widgets}/one/status`, { status: { size: 'x' } }),
  { name: 'scale', path: `${widgets}/one/scale` },
  change('scale up', `${widgets}/one/scale`, { spec: { replicas: 7 } }),
  change('scale too far', `${widgets}/one/scale`, { spec: { replicas: 700 } }),
  change('scale below nothing', `${widgets}/one/scale`, { spec: { replicas: -1 } }),
  {
    name: 'put a scale',
    method: 'PUT',
    path: `${widgets}/one/scale`,
    body: {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'one', namespace: 'corpus-custom' },
      spec: { replicas: 4 },
    },
  },
  {
    name: 'put without a revision',
    method: 'PUT',
    path: `${widgets}/one`,
    body: widget('one', { spec: { size: 2, fixed: 'a' } }),
  },
  { name: 'a strategic patch', method: 'PATCH', path: `${widgets}/one`, headers: strategicPatch, body: {} },
  {
    name: 'apply',
    method: 'PATCH',
    path: `${widgets}/three?fieldManager=first`,
    headers: applyPatch,
    body: widget('three', { spec: { size: 1, parts: [{ name: 'a', weight: 2 }], tags: ['x'] } }),
  },
  {
    name: 'apply by another',
    method: 'PATCH',
    path: `${widgets}/three?fieldManager=second`,
    headers: applyPatch,
    body: widget('three', { spec: { size: 1, parts: [{ name: 'b' }], tags: ['y'] } }),
  },
  {
    name: 'apply in conflict',
    method: 'PATCH',
    path: `${widgets}/three?fieldManager=second`,
    headers: applyPatch,
    body: widget('three', { spec: { size: 2, parts: [{ name: 'a', weight: 3 }] } }),
  },
  {
    name: 'apply an object for a number or a text',
    method: 'PATCH',
    path: `${widgets}/three?fieldManager=first`,
    headers: applyPatch,
    body: widget('three', { spec: { size: 1, port: { a: 1 } } }),
  },
  {
    name: 'apply against a rule',
    method: 'PATCH',
    path: `${widgets}/three?fieldManager=first`,
    headers: applyPatch,
    body: widget('three', { spec: { size: 1, maxSize: -1 } }),
  },
  { name: 'delete one', method: 'DELETE', path: `${widgets}/two` },
  { name: 'delete all', method: 'DELETE', path: widgets, ignoresBody: true },
  { name: 'the definition', path: `${definitions}/widgets.${group}`, ignoresBody: true },
  change('a stored version cannot go', `${definitions}/widgets.${group}`, {
    spec: { versions: [{ name: 'v2', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }] },
  }),
  change('the scope stands', `${definitions}/widgets.${group}`, { spec: { scope: 'Cluster' } }),
  change('the group stands', `${definitions}/widgets.${group}`, { spec: { group: 'other.example.com' } }),
  { name: 'the definition goes', method: 'DELETE', path: `${definitions}/widgets.${group}`, ignoresBody: true },
  { name: 'it is gone', path: `${definitions}/widgets.${group}`, until: 404 },
  { name: 'nothing is served', path: widgets, until: 404 },
  { name: 'the namespace goes', method: 'DELETE', path: '/api/v1/namespaces/corpus-custom', ignoresBody: true },
  { name: 'the namespace is gone', path: '/api/v1/namespaces/corpus-custom', until: 404 },
];
