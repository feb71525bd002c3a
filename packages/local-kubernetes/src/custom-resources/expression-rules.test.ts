import { expect, it } from 'vitest';
import type { Schema } from '../schema/schema.ts';
import { validateRulesOf } from './expression-rules.ts';

const grows: Schema = { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf' }] };
const item: Schema = { type: 'object', properties: { name: { type: 'string' }, size: grows } };
const problems = (schema: Schema) => validateRulesOf(schema, 'a', false).map(({ field, detail }) => [field, detail]);

it('lets rules ask for the state before only where it can be found', () => {
  const detail = 'oldSelf cannot be used on the uncorrelatable portion of the schema within a';
  expect(problems({ type: 'array', items: grows })).toEqual([['a.items.x-kubernetes-validations[0].rule', detail]]);
  expect(problems({ type: 'array', 'x-kubernetes-list-type': 'set', items: item })).toEqual([
    ['a.items.properties[size].x-kubernetes-validations[0].rule', detail],
  ]);
  const map = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
  expect(problems({ type: 'array', ...map, items: item })).toEqual([]);
  expect(problems({ type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: grows })).toEqual([]);
});
