import { expect, it } from 'vitest';
import { watchObjects } from './watch.ts';

const refusal = (options: object): unknown => {
  try {
    return watchObjects(undefined as never, undefined as never, options, () => {});
  } catch (error) {
    return error;
  }
};

// The answers of kube-apiserver 1.35.4.
it('tells all that is wrong with how a watch is to start', () => {
  const start = 'ListOptions.meta.k8s.io "" is invalid: ';
  const needs = 'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents';
  const unknown = 'resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"';
  expect(refusal({ resourceVersionMatch: 'Exact' })).toMatchObject({
    message: `${start}[${needs} is provided, ${unknown}]`,
  });
  expect(refusal({ resourceVersionMatch: 'NotOlderThan' })).toMatchObject({ message: `${start}${needs} is provided` });
  expect(refusal({ resourceVersionMatch: 'Exact', sendInitialEvents: true })).toMatchObject({
    message: `${start}[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, ${unknown}]`,
  });
});
