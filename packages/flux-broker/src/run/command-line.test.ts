import { describe, expect, it } from 'vitest';
import { type OptionSpec, parseOptions } from './command-line.ts';

const specs: OptionSpec[] = [
  { name: 'verbose', key: 'v', argument: 'optional', usage: '' },
  { name: 'setattr', key: 'S', argument: 'required', usage: '' },
  { name: 'config-path', key: 'c', argument: 'required', usage: '' },
  { name: 'conf', argument: 'required', usage: '' },
  { name: 'noexec', key: 'X', argument: 'none', usage: '' },
];

describe('parseOptions', () => {
  it('takes the line that existing entry points hand to the broker', () => {
    const argv = ['--config', '/etc/flux', '-Sbroker.quorum=1', '-S', 'rundir=/run', 'sh', '-c', 'flux run x'];
    const { values, rest } = parseOptions(specs, argv);
    expect(values.get('config-path')).toEqual(['/etc/flux']);
    expect(values.get('setattr')).toEqual(['broker.quorum=1', 'rundir=/run']);
    expect(rest).toEqual(['sh', '-c', 'flux run x']);
  });

  it('prefers an exact name to a longer one', () => {
    expect(parseOptions(specs, ['--conf', 'a.b=1']).values.get('conf')).toEqual(['a.b=1']);
  });

  it('reads clustered and optional arguments', () => {
    const { values } = parseOptions(specs, ['-Xv2', '--verbose', '--verbose=3']);
    expect(values.get('noexec')).toEqual(['']);
    expect(values.get('verbose')).toEqual(['2', '', '3']);
  });

  it.each([
    [['--nope'], "unrecognized option '--nope'"],
    [['-q'], "unrecognized option '-q'"],
    [['--con', 'x'], "option '--con' is ambiguous; possibilities: '--config-path' '--conf'"],
    [['-S'], "option '-S' requires an argument"],
    [['--noexec=1'], "option '--noexec' doesn't allow an argument"],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(specs, argv)).toThrow(message);
  });
});
