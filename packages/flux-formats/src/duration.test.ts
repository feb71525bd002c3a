import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, printDuration } from './duration.ts';
import { FormatError } from './format-error.ts';

describe('durations', () => {
  it.each([
    ['2ms', 0.002],
    ['0.1s', 0.1],
    ['30', 30],
    ['1.2h', 4320],
    ['5m', 300],
    ['0s', 0],
    ['5d', 432_000],
    ['1e3s', 1000],
    ['.5m', 30],
    ['inf', Number.POSITIVE_INFINITY],
    ['INF', Number.POSITIVE_INFINITY],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBeCloseTo(seconds, 9);
  });

  it.each(['', '-1', '+1', '1.0f', '1.0sec', 'NaNs', 'infinites', 'infd', ' 1', '1 s', '1MS', 's'])(
    '%j is none',
    (text) => {
      expect(() => parseDuration(text)).toThrow(FormatError);
    },
  );

  it.each([
    [0, '0s'],
    [0.0621, '62.1ms'],
    [0.0000123, '0.0123ms'],
    [59, '59s'],
    [90, '1.5m'],
    [7200, '2h'],
    [280_800, '3.25d'],
    [1e12, '1.15741e+07d'],
    [Number.POSITIVE_INFINITY, 'infinity'],
  ])('%d seconds print as %s', (seconds, printed) => {
    expect(printDuration(seconds)).toBe(printed);
  });

  it('print with fewer digits', () => {
    expect(printDuration(3725, 2)).toBe('1h');
    expect(printDuration(100, 2)).toBe('1.7m');
    expect(() => printDuration(-1)).toThrow(RangeError);
    expect(() => printDuration(Number.NaN)).toThrow(RangeError);
  });

  it('are, to six digits, what they print', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (seconds) => {
        fc.pre(seconds === 0 || seconds > 1e-9);
        expect(Math.abs(parseDuration(printDuration(seconds)) - seconds)).toBeLessThanOrEqual(seconds * 1e-5);
      }),
    );
  });
});
