import { expect, it } from 'vitest';
import type { Schema } from '../schema/schema.ts';
import { typedProblems } from './typed-problems.ts';

const list: Schema = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['key'],
  items: { type: 'object', properties: { key: { type: 'integer' } } },
};

// The answers of kube-apiserver 1.35.4.
it.each([
  [{ a: 1 }, '[key=a=1].key: expected numeric (int or float), got map[string]interface {}'],
  [[1, 'a'], '[key=[1,"a"]].key: expected numeric (int or float), got []interface {}'],
  ['a"b', '[key="a\\"b"].key: expected numeric (int or float), got string'],
])('names an item by its key %j', (key, problem) => {
  expect(typedProblems([{ key }], list)).toEqual([problem]);
});
