import { describe, expect, it } from 'vitest';
import { jobEnd } from '../attach/wait-status.ts';
import { EventlogFormat } from './eventlog-format.ts';
import { parseDatetime } from './parse-datetime.ts';
import { pythonDuration } from './python-duration.ts';
import { parseSortKeys, sortRows, splitSortPrefix } from './sort-rows.ts';

describe('points in time', () => {
  const now = new Date(2026, 10, 23, 14, 30, 15);
  it.each([
    ['now', now],
    ['+1h', new Date(2026, 10, 23, 15, 30, 15)],
    ['-30m', new Date(2026, 10, 23, 14, 0, 15)],
    ['3pm', new Date(2026, 10, 23, 15)],
    ['09:05', new Date(2026, 10, 23, 9, 5)],
    ['tomorrow', new Date(2026, 10, 24)],
    ['tomorrow 9am', new Date(2026, 10, 24, 9)],
    ['noon', new Date(2026, 10, 23, 12)],
    ['5 minutes ago', new Date(2026, 10, 23, 14, 25, 15)],
    ['2026-12-01', new Date(2026, 11, 1)],
    ['2026-12-01T10:00', new Date(2026, 11, 1, 10)],
  ])('%s', (text, time) => {
    expect(parseDatetime(text, now)).toEqual(time);
  });

  it.each(['foo', '', '+x', '25:00', '7'])('%j is none', (text) => {
    expect(() => parseDatetime(text, now)).toThrow();
  });
});

it.each([
  [0, '0s'],
  [0.0005, '0s'],
  [1.23456, '1.235s'],
  [12.3456, '12.35s'],
  [90, '1.5m'],
  [7200, '2h'],
  [172_800, '2d'],
  [Number.POSITIVE_INFINITY, 'inf'],
])('%d seconds are %s', (seconds, text) => {
  expect(pythonDuration(seconds)).toBe(text);
});

it.each([
  [0, 0, undefined],
  [3 << 8, 3, 'task(s) exited with exit code 3'],
  [137 << 8, 137, 'task(s) Killed'],
  [15, 143, 'job shell Terminated'],
])('wait status %d', (status, exitCode, text) => {
  expect(jobEnd(status)).toEqual({ exitCode, text });
});

it('sorts what is unset first, then numbers, then text', () => {
  const values = ['b', 10, '', '9', 'a', undefined];
  const keys = (text: string) => parseSortKeys(text, (field) => field === 'x');
  const sorted = (text: string) => sortRows(values, (value) => () => value, keys(text));
  expect(sorted('x')).toEqual(['', undefined, '9', 10, 'a', 'b']);
  expect(sorted('-x')).toEqual(['b', 'a', 10, '9', '', undefined]);
  expect(() => keys('y')).toThrow('Invalid sort key: y');
  expect(splitSortPrefix('sort:-x,y {x}')).toEqual({ format: '{x}', keys: '-x,y' });
});

describe('entries of eventlogs', () => {
  const line = '{"timestamp":1700000000.25,"name":"finish","context":{"status":0,"a":"b"}}\n';
  it.each([
    [{}, '1700000000.250000 finish status=0 a="b"\n'],
    [{ format: 'json' }, line],
    [{ timeFormat: 'offset' }, '0.000000 finish status=0 a="b"\n'],
  ])('%j', (options, text) => {
    expect(new EventlogFormat(options).print(line)).toBe(text);
  });

  it('gives seconds within the minute that it names once', () => {
    const format = new EventlogFormat({ timeFormat: 'human' });
    format.print(line);
    expect(format.print(line.replace('.25', '.75'))).toBe('[  +0.500000] finish status=0 a="b"\n');
  });

  it('refuses a format that there is not', () => {
    expect(() => new EventlogFormat({ format: 'foo' })).toThrow("invalid format type 'foo'");
  });
});
