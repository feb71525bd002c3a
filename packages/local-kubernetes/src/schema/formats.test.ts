import { expect, it } from 'vitest';
import { matchesFormat } from './formats.ts';

// The answers of kube-apiserver 1.35.4.
it.each([
  ['byte', 'AAEC', true],
  ['byte', 'AA==', true],
  ['byte', 'AA', false],
  ['byte', '', false],
  ['duration', '1h%', true],
  ['duration', 'in 3 weeks', true],
  ['duration', '1 hrs', false],
  ['duration', '1', false],
])('holds a text to the format %s: %j', (format, text, isFine) => {
  expect(matchesFormat(text, format)).toBe(isFine);
});
