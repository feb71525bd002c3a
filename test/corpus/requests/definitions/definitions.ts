import type { CorpusRequest } from '../../corpus-request.ts';
import { post } from '../kinds/kind-requests.ts';
import { definition, definitions, one } from './definition.ts';
import { number, text } from './gadget-schema.ts';

/** What is wrong with a definition is told without making it. */
const dry = `${definitions}?dryRun=All`;
const badSchema = (why: string, properties: object, rest: object = {}) =>
  post(
    `bad schema: ${why}`,
    dry,
    definition(
      'things',
      'Thing',
      one({ type: 'object', properties: { spec: { type: 'object', properties } }, ...rest }),
    ),
  );
const badNames = (why: string, names: object, rest: object = {}) =>
  post(
    `bad names: ${why}`,
    dry,
    definition('things', 'Thing', {
      ...one({ type: 'object' }),
      ...rest,
      names: { plural: 'things', kind: 'Thing', ...names },
    }),
  );
const badVersion = (why: string, rest: object) =>
  post(
    `bad version: ${why}`,
    dry,
    definition('things', 'Thing', {
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } }, ...rest }],
    }),
  );
const rule = (...rules: object[]) => ({ a: { ...text, 'x-kubernetes-validations': rules } });

const grows = [{ rule: 'self >= oldSelf' }];

/** Definitions of custom resources, bad in every word of a schema, in their names and in their versions. */
export const definitionRequests: readonly CorpusRequest[] = [
  badSchema('a type that is none', { a: { type: 'texts' } }),
  badSchema('a number for additional properties', { a: { type: 'object', additionalProperties: 7 } }),
  badSchema('a number, and what is unknown within items', {
    a: { type: 'array', items: { type: 'odd', unknown: 1, properties: { b: { unknown: 1 } } }, unknown: 1 },
  }),
  badSchema('an array without items', { a: { type: 'array' } }),
  badSchema('a list of lists', { a: { type: 'array', items: [{ type: 'string' }] } }),
  badSchema('rule: an old item of a list', {
    a: { type: 'array', maxItems: 2, items: { type: 'integer', 'x-kubernetes-validations': grows } },
  }),
  badSchema('rule: an old member within an item of a list', {
    a: {
      type: 'array',
      maxItems: 2,
      'x-kubernetes-list-type': 'set',
      items: {
        type: 'object',
        'x-kubernetes-map-type': 'atomic',
        properties: { b: { type: 'integer', 'x-kubernetes-validations': grows } },
      },
    },
  }),
  badSchema('rule: an old member of a whole map', {
    a: {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
      properties: { b: { type: 'integer', 'x-kubernetes-validations': grows } },
    },
  }),
  badSchema('rule: an old entry of a whole map', {
    a: {
      type: 'object',
      maxProperties: 2,
      'x-kubernetes-map-type': 'atomic',
      additionalProperties: { type: 'integer', 'x-kubernetes-validations': grows },
    },
  }),
  badSchema('a reference', { a: { type: 'object', $ref: '#/x' } }),
  badSchema('a definition', { a: { type: 'object', definitions: {} } }),
  badSchema('unique items', { a: { type: 'array', uniqueItems: true, items: text } }),
  badSchema('both kinds of properties', { a: { type: 'object', properties: { b: text }, additionalProperties: text } }),
  badSchema('properties forbidden', { a: { type: 'object', additionalProperties: false } }),
  badSchema('a set of objects', { a: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } } }),
  badSchema('a list type of a text', { a: { ...text, 'x-kubernetes-list-type': 'set' } }),
  badSchema('a list type that is none', { a: { type: 'array', items: text, 'x-kubernetes-list-type': 'odd' } }),
  badSchema('a map type that is none', { a: { type: 'object', 'x-kubernetes-map-type': 'odd' } }),
  badSchema('a key that is not there', {
    a: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { b: text } },
    },
  }),
  badSchema('a key that may be absent', {
    a: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: text } },
    },
  }),
  badSchema('a key that is no scalar', {
    a: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', required: ['k'], properties: { k: { type: 'object' } } },
    },
  }),
  badSchema('int or string with a type', { a: { ...text, 'x-kubernetes-int-or-string': true } }),
  badSchema('an embedded text', { a: { ...text, 'x-kubernetes-embedded-resource': true } }),
  badSchema('an embedded object of nothing', { a: { type: 'object', 'x-kubernetes-embedded-resource': true } }),
  badSchema('unknown fields lost', { a: { type: 'object', 'x-kubernetes-preserve-unknown-fields': false } }),
  badSchema('a default below the minimum', { a: { ...number, minimum: 5, default: 1 } }),
  badSchema('a default of a nullable', { a: { ...text, nullable: true, default: null } }),
  badSchema('a default of null', { a: { ...text, default: null } }),
  badSchema('a default that would be pruned', { a: { type: 'object', default: { b: 1 } } }),
  badSchema('an enum that does not fit', { a: { ...text, enum: [1] } }),
  badSchema('bounds that cross', { a: { ...number, minimum: 5, maximum: 1 } }),
  badSchema('lengths below zero', { a: { ...text, minLength: -1 } }),
  badSchema('defaults inside not', { a: { type: 'object', not: { default: 1 } } }),
  badSchema('nullable inside anyOf', { a: { type: 'object', anyOf: [{ nullable: true }] } }),
  badSchema(
    'metadata restricted',
    {},
    { properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
  ),
  badSchema(
    'metadata by name',
    {},
    { properties: { metadata: { type: 'object', properties: { name: { ...text, pattern: '^a' } } } } },
  ),
  badSchema('rule: a text where a truth is', rule({ rule: '"a"' })),
  badSchema('rule: an unknown name', rule({ rule: 'that == self' })),
  badSchema('rule: an unknown function', rule({ rule: 'self.jump()' })),
  badSchema('rule: types that do not compare', rule({ rule: 'self == 1' })),
  badSchema('rule: a message of two lines', rule({ rule: 'true', message: 'a\nb' })),
  badSchema('rule: an empty message', rule({ rule: 'true', message: ' ' })),
  badSchema('rule: lines without a message', rule({ rule: 'true\n&& true' })),
  badSchema('rule: a message that is no text', rule({ rule: 'true', messageExpression: '1' })),
  badSchema('rule: a reason', rule({ rule: 'true', reason: 'Odd' })),
  badSchema('rule: a path', rule({ rule: 'true', fieldPath: '.b' })),
  badSchema('rule: a path that is none', rule({ rule: 'true', fieldPath: 'b' })),
  badSchema('rule: old without a state before', {
    a: { type: 'array', items: { ...text, 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } },
  }),
  badSchema('rule: an optional old that is not used', rule({ rule: 'self == "a"', optionalOldSelf: true })),
  badSchema('rule: too dear', {
    a: {
      type: 'array',
      items: { type: 'array', items: text },
      'x-kubernetes-validations': [{ rule: 'self.all(x, x.all(y, self.all(z, z.all(w, w == y))))' }],
    },
  }),
  badNames('plural', { plural: 'Things' }),
  badNames('kind', { kind: '1thing' }),
  badNames('singular', { singular: 'A_b' }),
  badNames('short', { shortNames: ['A'] }),
  badNames('category', { categories: ['A'] }),
  badNames('the list is the kind', { listKind: 'Thing' }),
  badNames('a group without a dot', {}, { group: 'plain' }),
  badNames('no group', {}, { group: '' }),
  badVersion('a name', { name: 'V1' }),
  badVersion('a column without a path', { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '' }] }),
  badVersion('a column of a type', { additionalPrinterColumns: [{ name: 'A', type: 'odd', jsonPath: '.a' }] }),
  badVersion('a column of a format', {
    additionalPrinterColumns: [{ name: 'A', type: 'string', format: 'odd', jsonPath: '.a' }],
  }),
  badVersion('a column by a path that is none', {
    additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'a' }],
  }),
  badVersion('a scale without paths', { subresources: { scale: {} } }),
  badVersion('a scale outside', {
    subresources: {
      scale: { specReplicasPath: '.status.a', statusReplicasPath: '.spec.b', labelSelectorPath: '.metadata.c' },
    },
  }),
  badVersion('a scale of an index', {
    subresources: { scale: { specReplicasPath: '.spec.a[0]', statusReplicasPath: '.status.a' } },
  }),
  badVersion('a warning without its cause', { deprecationWarning: 'gone' }),
  badVersion('fields to select', {
    selectableFields: [{ jsonPath: '.spec.nothing' }, { jsonPath: 'spec' }, { jsonPath: '.metadata.name' }],
  }),
  badVersion('not served', { served: false }),
  post(
    'bad: a webhook without its data',
    dry,
    definition('things', 'Thing', { ...one({ type: 'object' }), conversion: { strategy: 'Webhook' } }),
  ),
  post(
    'bad: an unknown conversion',
    dry,
    definition('things', 'Thing', { ...one({ type: 'object' }), conversion: { strategy: 'Odd' } }),
  ),
  post(
    'bad: unknown fields kept',
    dry,
    definition('things', 'Thing', { ...one({ type: 'object' }), preserveUnknownFields: true }),
  ),
];
