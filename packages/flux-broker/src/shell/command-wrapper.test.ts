import { describe, expect, it } from 'vitest';
import { findCommand, limitOptions, parseLimits } from './command-wrapper.ts';

const limits = parseLimits(`Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max core file size        0                    unlimited            bytes
Max open files            1024                 4096                 files
`);

describe('limits of tasks', () => {
  it.each([
    [{ core: 0, nofile: 1024, cpu: -1 }, []],
    [{ core: -1 }, ['--core=unlimited:']],
    [{ ofile: 64, cpu: 10 }, ['--nofile=64:', '--cpu=10:']],
  ])('%j asks prlimit for %j', (wanted, options) => {
    expect(limitOptions(wanted, limits, () => expect.unreachable())).toEqual(options);
  });

  it('go no higher than the hard limit, and no further than their names', () => {
    const lines: string[] = [];
    const log = (level: number, text: string) => lines.push(`${level} ${text}`);
    expect(limitOptions({ nofile: -1, stack: 'x', gold: 1 }, limits, log)).toEqual(['--nofile=4096:']);
    expect(lines).toEqual([
      '4 nofile exceeds current max, raising value to hard limit',
      '3 invalid shell option rlimit.stack="x"',
      '3 invalid shell option rlimit.gold=1',
    ]);
  });
});

describe('findCommand', () => {
  it('searches the path as a shell does', () => {
    expect(findCommand('sh', '/no/such/folder:/bin', '/')).toBe('/bin/sh');
    expect(findCommand('bin/sh', '', '/')).toBe('/bin/sh');
  });

  it.each([
    ['no-such-program', 'ENOENT'],
    ['/etc/passwd', 'EACCES'],
  ])('answers %s with %s', (name, code) => {
    expect(() => findCommand(name, '/bin', '/')).toThrow(expect.objectContaining({ code }));
  });
});
