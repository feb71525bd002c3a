import { expect, test } from 'vitest';
import { age, table } from './table.ts';

test('cells line up under their headings', () => {
  expect(
    table(
      ['NAME', 'SIZE'],
      [
        ['flux-sample', '4'],
        ['a', '12'],
      ],
    ),
  ).toBe('NAME          SIZE\nflux-sample   4\na             12\n');
});

const now = Date.parse('2026-01-10T00:00:00Z');
test.each([
  [5, '5s'],
  [119, '119s'],
  [125, '2m5s'],
  [600, '10m'],
  [3 * 3600, '3h'],
  [3 * 3600 + 60, '3h1m'],
  [47 * 3600, '47h'],
  [48 * 3600, '2d'],
])('%d seconds print as %s', (seconds, text) => {
  expect(age(new Date(now - seconds * 1000).toISOString(), now)).toBe(text);
});
