import { expect, test } from 'vitest';
import { parseManifests } from './manifests.ts';

test('several documents are read in order, empty ones passed over, and what stands in lists', () => {
  const text =
    '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n';
  expect(parseManifests(text, 'x.yaml').map(({ kind }) => kind)).toEqual(['Namespace', 'Secret']);
});

test.each([
  ['a: [', /x.yaml: /],
  ['', /holds no object/],
  ['apiVersion: v1\nkind: List\nitems: []', /holds no object/],
  ['apiVersion: v1\nkind: List\nitems: [{kind: Pod}]', /no apiVersion/],
  ['kind: Pod', /no apiVersion/],
  ['hello', /x.yaml: a document is no Kubernetes object/],
  ['- kind: Pod', /x.yaml: a document is no Kubernetes object/],
  ['apiVersion: v1\nkind: Pod\nmetadata: {}', /Pod has no metadata.name/],
])('%j is refused by name', (text, message) => {
  expect(() => parseManifests(text, 'x.yaml')).toThrow(message);
});
