import { expect, it } from 'vitest';
import { fieldErrorText } from './field-error.ts';
import { validateListTypes } from './list-types.ts';

const list = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
const problems = (...items: unknown[]) => validateListTypes(items, list, 'parts').map(fieldErrorText);

// The answers of kube-apiserver 1.35.4.
it('looks for keys that stand twice where all entries are objects or nothing', () => {
  expect(problems({ name: 'a' }, { name: 'a' }, { name: 'a' })).toEqual(['parts[1]: Duplicate value: {"name":"a"}']);
  expect(problems({ name: 'a' }, { name: 'a' }, 1, 2)).toEqual([
    'parts[2]: Invalid value: 1: must be an object for an array of list-type map',
  ]);
  expect(problems(null, {})).toEqual(['parts[1]: Duplicate value: {}']);
});
