import { expect, test } from 'vitest';
import { firstExample } from './manifests.ts';
import { type WhatNext, whatNext } from './what-next.ts';

const said = (change: Partial<WhatNext>) =>
  whatNext({
    ebb: 'ebb',
    kubeconfigPath: '/k',
    manifests: [firstExample],
    hasKubectl: true,
    isDetached: false,
    ...change,
  });
const sized = (size: number, maxSize?: number) => [{ ...firstExample, spec: { size, maxSize } }];

test('of the first example', () => {
  expect(said({})).toBe(`
  export KUBECONFIG=/k
  kubectl get pods -n flux-operator

Try next, in another terminal:
  ebb get                              MiniClusters, as kubectl get shows them
  ebb scale flux-sample 3 --wait       one broker goes, the rest runs on
  ebb flux flux-sample resource list   and shows as down
  ebb demo                             the whole walkthrough, on an instance of its own
Ctrl-C stops everything.
`);
});

test('in a clone without kubectl everything goes through npx', () => {
  const text = said({ ebb: 'npx ebb', hasKubectl: false });
  expect(text).toContain('  npx ebb kubectl get pods -n flux-operator ');
  expect(text).not.toMatch(/^ {2}kubectl/m);
});

test('of an instance with a name, in the background', () => {
  const text = said({ instance: 'second', isDetached: true });
  expect(text).toContain('  ebb flux --name second flux-sample resource list ');
  expect(text).toMatch(/^Stop everything with: ebb down --name second$/m);
});

test.each([
  [sized(4), /scale flux-sample 3 --wait/],
  [sized(1, 3), /scale flux-sample 2 --wait +one broker more/],
])('a resize is one that is accepted', (manifests, line) => {
  expect(said({ manifests })).toMatch(line);
});

test.each([[sized(1)], [[]]])('where there is none to resize, none is said', (manifests) => {
  expect(said({ manifests })).not.toContain('scale');
});
