import { expect, it } from 'vitest';
import { isSame } from './same-value.ts';

it('compares whatever the order, and takes what is undefined for absent', () => {
  expect(isSame({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1, d: undefined })).toBe(true);
  expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(isSame({ a: 1, b: 2 }, { a: 1 })).toBe(false);
});

it('sees members by names that every object has', () => {
  expect(isSame({ a: 1 }, { a: 1, constructor: 'b' })).toBe(false);
  expect(isSame({ a: 1, toString: 'b' }, { a: 1 })).toBe(false);
});
