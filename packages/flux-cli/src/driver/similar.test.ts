import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, similarNames } from './similar.ts';

const names = ['job', 'jobs', 'overlay', 'queue', 'resource', 'run'];

describe('similarNames', () => {
  it.each([
    ['resourcccce', ['resource']],
    ['resourccccce', []],
    ['resou', ['resource']],
    ['jo', ['job']],
    ['runs', ['run']],
    ['jobz', ['job', 'jobs']],
  ])('takes %s for %j', (wrong, meant) => {
    expect(similarNames(wrong, names)).toEqual(meant);
  });
});

describe('editDistance', () => {
  it('is as long the other way, and nothing to oneself', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
