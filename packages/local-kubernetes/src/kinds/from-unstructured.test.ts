import { expect, test } from 'vitest';
import { unstructuredProblem } from './from-unstructured.ts';

const definition = (schema: unknown) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema: schema } }] },
});
const problem = (schema: unknown) => unstructuredProblem(definition(schema), 'apiextensions.CustomResourceDefinition');

test.each([
  { default: false },
  { default: 'text', example: 7, enum: [1, 'a', null, { b: [] }] },
  { additionalProperties: true, items: { type: 'string' }, dependencies: { a: ['b'] } },
  { properties: { a: { items: [{ type: 'string' }], additionalProperties: { default: [1] } } } },
])('takes any JSON where a schema holds JSON: %j', (schema) => {
  expect(problem(schema)).toBeUndefined();
});

test.each([
  [{ type: 7 }, 'cannot convert int64 to string'],
  [{ properties: true }, 'cannot restore map from bool'],
  [{ not: false }, 'cannot restore struct from: bool'],
])('tells of a value that is not of its field: %j', (schema, words) => {
  expect(problem(schema)).toBe(words);
});
