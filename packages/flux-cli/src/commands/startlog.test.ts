import { describe, expect, it } from 'vitest';
import { history } from './startlog.ts';

const start = (timestamp: number) => ({ timestamp, name: 'start', context: { version: 1, core_version: '0.88.0' } });
const finish = (timestamp: number) => ({ timestamp, name: 'finish', context: { version: 1 } });

describe('flux startlog', () => {
  it.each([
    ['runs', [start(0)], ['running (1.7m)'], false],
    ['ended', [start(0), finish(60)], ['(1m)'], false],
    ['ran twice', [start(0), finish(60), start(70)], ['(1m)', 'running (30s)'], false],
    ['crashed', [start(0), start(70)], ['crashed', 'running (30s)'], true],
    ['crashed before it ended well', [start(0), start(10), finish(70), start(80)], ['crashed', '(1m)', '(20s)'], false],
    [
      'begins with what is not known',
      [{ timestamp: 0, name: 'start', context: { version: 2 } }, start(70)],
      ['(30s)'],
      false,
    ],
  ])('an instance that %s', (_, entries, ends, crashed) => {
    const told = history(entries, 100, false);
    const lines = told.text.trimEnd().split('\n');
    expect(lines.map((line, at) => line.endsWith(ends[at]!))).toEqual(ends.map(() => true));
    expect(told.crashed).toBe(crashed);
  });
});
