import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

const lines = (...numbers: (number | string)[]) => numbers.join('\n');

describe('unifiedDiff', () => {
  it('is empty for the same text', () => expect(unifiedDiff('a\nb', 'a\nb')).toBe(''));

  it('shows three lines around a change', () =>
    expect(unifiedDiff(lines(1, 2, 3, 4, 5, 6, 7, 8, 9), lines(1, 2, 3, 4, 'x', 6, 7, 8, 9))).toBe(
      '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n',
    ));

  it('joins what is close and parts what is not', () => {
    const before = Array.from({ length: 30 }, (_, index) => `${index}`);
    const after = before.map((line) => (['3', '8', '25'].includes(line) ? 'x' : line));
    expect(unifiedDiff(before.join('\n'), after.join('\n')).match(/^@@.*/gm)).toEqual([
      '@@ -1,12 +1,12 @@',
      '@@ -23,7 +23,7 @@',
    ]);
  });

  it('counts what is only added or only taken away', () => {
    expect(unifiedDiff('a\nb', 'a\nx\ny\nb')).toBe('@@ -1,2 +1,4 @@\n a\n+x\n+y\n b\n');
    expect(unifiedDiff('a\nx\nb', 'a\nb')).toBe('@@ -1,3 +1,2 @@\n a\n-x\n b\n');
  });
});
