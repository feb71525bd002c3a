import { expect, it } from 'vitest';
import { goDecode } from '../kinds/go-decode.ts';
import { fieldErrorText } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import { validateDefinitionSchema } from './schema-rules.ts';

const problems = (properties: JsonObject) => {
  const schema = goDecode({ type: 'object', properties }, 'apiextensions.JSONSchemaProps').value;
  return validateDefinitionSchema(schema, false, 'at').map(fieldErrorText).sort();
};
const place = (name: string) => `at.openAPIV3Schema.properties[${name}]`;
const types = 'supported values: "array", "boolean", "integer", "number", "object", "string"';

// The answers of kube-apiserver 1.35.4.
it.each<[string, JsonObject, string[]]>([
  [
    'a default against a type that is none',
    { a: { type: 'BOOLEAN', default: true } },
    [
      `${place('a')}.default: Invalid value: "boolean":  in body must be of type BOOLEAN: "boolean"`,
      `${place('a')}.type: Unsupported value: "BOOLEAN": ${types}`,
    ],
  ],
  [
    'a default as it is, without the defaults and the nulls that a real object gets or loses',
    {
      a: {
        type: 'object',
        default: { b: null },
        required: ['c'],
        properties: { b: { type: 'string' }, c: { type: 'string', default: 'x' } },
      },
    },
    [
      `${place('a')}.default.b: Invalid value: "null": b in body must be of type string: "null"`,
      `${place('a')}.default.c: Required value`,
    ],
  ],
  [
    'a rule that is empty, beside a type that is none',
    { a: { type: 'x' }, b: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self == self' }, {}] } },
    [
      `${place('a')}.type: Unsupported value: "x": ${types}`,
      `${place('b')}.x-kubernetes-validations[1].rule: Required value: rule is not specified`,
    ],
  ],
  [
    'rules within what has rules and no type',
    {
      a: {
        type: '5',
        'x-kubernetes-validations': [{ rule: 'true' }],
        properties: { b: { type: 'string', 'x-kubernetes-validations': [{ rule: 'true' }] } },
      },
    },
    [
      `${place('a')}.properties[b].x-kubernetes-validations: Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations`,
      `${place('a')}.type: Unsupported value: "5": ${types}`,
    ],
  ],
  [
    'no default and no rule before the schema is structural',
    {
      a: { type: 'integer', default: 'x' },
      b: { type: 'array' },
      c: { type: 'string', 'x-kubernetes-validations': [{ rule: '(' }] },
    },
    [`${place('b')}.items: Required value: must be specified`],
  ],
  [
    'nothing of what is structural where a list stands for the schema of items',
    { a: { type: 'array', items: [{ type: 'string' }] }, b: { type: 'array' } },
    [`${place('a')}.items: Forbidden: items must be a schema object and not an array`],
  ],
  [
    'a map type of what is no object',
    { a: { type: 'string', 'x-kubernetes-map-type': 'atomic' } },
    [`${place('a')}.type: Invalid value: "string": must be object if x-kubernetes-map-type is specified`],
  ],
  [
    'a text for the schema of items',
    { a: { type: 'array', items: 'true' } },
    [`${place('a')}.items: Required value: must be specified`],
  ],
  [
    'a text for the schema of items with keys',
    { a: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: 'true' } },
    [
      `${place('a')}.items: Invalid value: {"Schema":null,"JSONSchemas":null}: must only have a single schema if x-kubernetes-list-type is map`,
      `${place('a')}.items: Required value: must be specified`,
    ],
  ],
  [
    'keys only of items that are objects',
    { a: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: {} } },
    [
      `${place('a')}.items.type: Invalid value: "": must be object if parent array's x-kubernetes-list-type is map`,
      `${place('a')}.items.type: Required value: must not be empty for specified array items`,
    ],
  ],
])('tells of %s', (_name, properties, wanted) => expect(problems(properties)).toEqual(wanted));

it('tells of a broken rule and of the old self that it does not ask for, and which expression is broken', () => {
  const rules = (rule: object) => problems({ a: { type: 'string', 'x-kubernetes-validations': [rule] } });
  expect(rules({ rule: 'some', optionalOldSelf: true })).toEqual([
    expect.stringContaining('optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule'),
    expect.stringContaining("compilation failed: ERROR: <input>:1:1: undeclared reference to 'some'"),
  ]);
  expect(rules({ rule: 'oldSelf == self', messageExpression: 'some' })).toEqual([
    expect.stringContaining("messageExpression compilation failed: ERROR: <input>:1:1: undeclared reference to 'some'"),
  ]);
});
