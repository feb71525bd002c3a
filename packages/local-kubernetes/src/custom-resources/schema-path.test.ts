import { expect, it } from 'vitest';
import type { Schema } from '../schema/schema.ts';
import { followPath } from './schema-path.ts';

const text: Schema = { type: 'string' };
const schema: Schema = {
  type: 'object',
  properties: {
    spec: { type: 'object', properties: { size: text, 'a.b': text } },
    labels: { type: 'object', additionalProperties: text },
  },
};

it.each<[string, boolean, Schema | string]>([
  ['.spec.size', false, text],
  [".spec['a.b']", true, text],
  ['.labels.any', false, text],
  ['.spec.other', false, 'does not refer to a valid field'],
  ['.spec.size.more', false, 'does not refer to a valid field'],
  ['spec', false, 'expected [ or . but got: spec'],
  ['.spec.', false, 'unexpected end of JSON path'],
  ['.spec[0]', false, 'array notation is not allowed'],
  ['.spec[0]', true, 'expected single quoted string but got 0'],
  [".spec['size'", true, 'unexpected end of JSON path'],
])('%s leads to a field or says why not', (path, allowsBrackets, wanted) => {
  expect(followPath(path, schema, allowsBrackets)).toEqual(wanted);
});
