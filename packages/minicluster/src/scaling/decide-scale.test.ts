import { expect, it } from 'vitest';
import { decideScale } from './decide-scale.ts';

it.each([
  // requested, current, maximum, capacity, decision
  [4, 4, 4, 4, 'none', undefined],
  [5, 4, 4, 4, 'denied', 'AboveMaximum'],
  [5, 4, 4, 8, 'denied', 'AboveMaximum'],
  [0, 4, 4, 4, 'denied', 'BelowOne'],
  [-1, 4, 4, 4, 'denied', 'BelowOne'],
  [Number.NaN, 4, 4, 4, 'denied', 'BelowOne'],
  [3, 4, 4, 4, 'shrink', { first: 3, last: 3 }],
  [1, 4, 4, 4, 'shrink', { first: 1, last: 3 }],
  [4, 1, 4, 4, 'grow', undefined],
  [4, 2, 4, 8, 'grow', undefined],
  // A maximum that was lowered below the size: the way down is open, the way up is not.
  [3, 4, 2, 8, 'denied', 'AboveMaximum'],
  [2, 4, 2, 8, 'shrink', { first: 2, last: 3 }],
])('%i from %i of at most %i (%i registered): %s', (requested, current, maximum, capacity, kind, detail) => {
  const decision = decideScale({ requested, current, maximum, capacity });
  expect(decision.kind).toBe(kind);
  if (decision.kind === 'denied') expect(decision.reason).toBe(detail);
  if (decision.kind === 'shrink') expect(decision.leaving).toEqual(detail);
});

it('names the remedy that helps', () => {
  const denied = decideScale({ requested: 9, current: 2, maximum: 4, capacity: 8 });
  expect(denied).toMatchObject({ message: expect.stringContaining('raise spec.maxSize (up to 8)') });
});
