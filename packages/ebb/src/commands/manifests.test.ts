import { expect, test } from 'vitest';
import { parseManifests } from './manifests.ts';

test('several documents are read in order, empty ones passed over', () => {
  const text =
    '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\n';
  expect(parseManifests(text, 'x.yaml').map(({ kind }) => kind)).toEqual(['Namespace', 'Secret']);
});

test.each([
  ['a: [', /x.yaml: /],
  ['', /holds no object/],
  ['kind: Pod', /no apiVersion/],
  ['apiVersion: v1\nkind: Pod\nmetadata: {}', /Pod has no metadata.name/],
])('%j is refused by name', (text, message) => {
  expect(() => parseManifests(text, 'x.yaml')).toThrow(message);
});
