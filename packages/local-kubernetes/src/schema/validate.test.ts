import { describe, expect, it } from 'vitest';
import { applyDefaults } from './defaults.ts';
import { fieldErrorText } from './field-error.ts';
import { validateListTypes } from './list-types.ts';
import { prune, unknownFields } from './prune.ts';
import type { Schema } from './schema.ts';
import { validateSchema, validateSchemaUpdate } from './validate.ts';

const spec: Schema = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', format: 'int32', minimum: 1, maximum: 100 },
    name: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$' },
    mode: { type: 'string', enum: ['A', 'B'], default: 'A' },
    tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3, 'x-kubernetes-list-type': 'set' },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: {
        type: 'object',
        properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
      },
    },
    ratio: { type: 'number', minimum: 0, exclusiveMinimum: true, multipleOf: 0.5 },
    ios: { 'x-kubernetes-int-or-string': true },
    map: { type: 'object', minProperties: 1, maxProperties: 2, additionalProperties: { type: 'string' } },
    either: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    nothing: { type: 'string', nullable: true },
    when: { type: 'string', format: 'date-time' },
  },
};
const root: Schema = { type: 'object', properties: { spec } };
const texts = (value: object) => validateSchema({ spec: value }, root).map(fieldErrorText);

describe('validation by a structural schema', () => {
  // The sentences are those of kube-apiserver 1.35.
  it.each<[object, string[]]>([
    [{ size: 3 }, []],
    [{}, ['spec.size: Required value']],
    [{ size: 0 }, ['spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1']],
    [{ size: 101 }, ['spec.size: Invalid value: 101: spec.size in body should be less than or equal to 100']],
    [{ size: '3' }, ['spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"']],
    [{ size: 2.5 }, ['spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"']],
    [{ size: 3, name: 'a' }, ['spec.name: Invalid value: "a": spec.name in body should be at least 2 chars long']],
    [{ size: 3, name: 'abcdefg' }, ['spec.name: Too long: may not be more than 5 bytes']],
    [{ size: 3, name: 'AB' }, [`spec.name: Invalid value: "AB": spec.name in body should match '^[a-z]+$'`]],
    [{ size: 3, mode: 'C' }, ['spec.mode: Unsupported value: "C": supported values: "A", "B"']],
    [{ size: 3, tags: [] }, ['spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items']],
    [{ size: 3, tags: ['a', 'b', 'c', 'd'] }, ['spec.tags: Too many: 4: must have at most 3 items']],
    [
      { size: 3, ios: true },
      ['spec.ios: Invalid value: "boolean": spec.ios in body must be of type integer,string: "boolean"'],
    ],
    [{ size: 3, ratio: 0.3 }, ['spec.ratio: Invalid value: 0.3: spec.ratio in body should be a multiple of 0.5']],
    [{ size: 3, ratio: 0 }, ['spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0']],
    [{ size: 3, map: {} }, ['spec.map: Invalid value: 0: spec.map in body should have at least 1 properties']],
    [
      { size: 3, map: { a: 1 } },
      ['spec.map.a: Invalid value: "integer": spec.map.a in body must be of type string: "integer"'],
    ],
    [{ size: 3, when: 'x' }, ['spec.when: Invalid value: "x": spec.when in body must be of type date-time: "x"']],
    [
      { size: 3, either: { a: '1', b: '2' } },
      [
        '<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [{ size: 3, nothing: null }, []],
  ])('%j', (value, wanted) => expect(texts(value)).toEqual(wanted));

  it('finds what stands twice in sets and list maps', () => {
    const value = {
      tags: ['a', 'a', 'b'],
      ports: [
        { port: 1, protocol: 'TCP' },
        { port: 1, protocol: 'TCP' },
      ],
    };
    expect(validateListTypes({ spec: value }, root).map(fieldErrorText)).toEqual([
      'spec.tags[1]: Duplicate value: "a"',
      'spec.ports[1]: Duplicate value: {"port":1,"protocol":"TCP"}',
    ]);
  });

  it('lets be what was wrong before and has not changed', () => {
    const old = { spec: { size: 0, name: 'a' } };
    expect(validateSchemaUpdate({ spec: { size: 0, name: 'ab' } }, old, root)).toEqual([]);
    expect(validateSchemaUpdate({ spec: { size: -1, name: 'a' } }, old, root)).toHaveLength(1);
  });
});

describe('pruning and defaulting', () => {
  it('drops and names unknown fields, but not where they are kept', () => {
    const object = {
      apiVersion: 'a/v1',
      kind: 'K',
      metadata: {},
      x: 1,
      spec: { foo: 1, any: { bar: 1 }, ports: [{ q: 1 }] },
    };
    expect(unknownFields(object, root)).toEqual([
      'unknown field "spec.foo"',
      'unknown field "spec.ports[0].q"',
      'unknown field "x"',
    ]);
    prune(object, root);
    expect(object).toEqual({ apiVersion: 'a/v1', kind: 'K', metadata: {}, spec: { any: { bar: 1 }, ports: [{}] } });
  });

  it('fills in defaults, for nulls that may not be too', () => {
    const object = { spec: { mode: null, name: null, nothing: null, ports: [{ port: 1 }] } };
    applyDefaults(object, root);
    expect(object).toEqual({ spec: { mode: 'A', nothing: null, ports: [{ port: 1, protocol: 'TCP' }] } });
  });
});
