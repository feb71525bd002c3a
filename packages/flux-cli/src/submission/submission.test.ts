import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandError } from '../command-module.ts';
import { readBulkInputs } from './bulk-inputs.ts';
import { DirectiveError, parseDirectives } from './directives.ts';
import { readInstanceConfig } from './instance-config.ts';
import { parseLimits } from './process-limits.ts';
import { jobspecOf, type SubmissionValues, submitOptionsOf } from './submission.ts';
import { fillTemplates } from './substitution.ts';

const plain: SubmissionValues = { urgency: '16' };

describe('options to a jobspec', () => {
  it.each<[Partial<SubmissionValues>, object]>([
    [{}, { type: 'slot', count: 1 }],
    [
      { ntasks: '4', 'cores-per-task': '2' },
      { type: 'slot', count: 4, with: [{ type: 'core', count: 2 }] },
    ],
    [{ nodes: '2' }, { type: 'node', count: 2, exclusive: true }],
    [
      { nodes: '2', ntasks: '4' },
      { type: 'node', count: 2, with: [expect.objectContaining({ count: 2 })] },
    ],
  ])('%j', (values, resource) => {
    expect(jobspecOf({ ...plain, ...values }, ['a']).resources[0]).toMatchObject(resource);
  });

  it.each<[Partial<SubmissionValues>, string[], string]>([
    [{}, [], 'job command and arguments are missing'],
    [{ ntasks: 'x' }, ['a'], "--ntasks: invalid int value 'x'"],
    [{ nodes: '2', ntasks: '1' }, ['a'], 'node count must not be greater than task count'],
    [{ 'time-limit': 'foo' }, ['a'], 'invalid Flux standard duration'],
    [{ 'resources-shape': 'slot=1' }, ['a'], '--resources-shape is not supported'],
    [{ 'tasks-per-node': '1', ntasks: '2', nodes: '1' }, ['a'], "Per-resource options can't be used"],
  ])('%j %j: %s', (values, command, text) => {
    expect(() => jobspecOf({ ...plain, ...values }, command)).toThrow(CommandError);
    expect(() => jobspecOf({ ...plain, ...values }, command)).toThrow(text);
  });

  it('leaves input for ranks out of the jobspec, and takes a path into it', () => {
    const shell = (input: string) => jobspecOf({ ...plain, input }, ['a']).attributes.system.shell?.options?.['input'];
    expect(shell('0-1')).toBeUndefined();
    expect(shell('/dev/null')).toEqual({ stdin: { type: 'file', path: '/dev/null' } });
  });

  it.each([
    ['hold', 0],
    ['default', 16],
    ['expedite', 31],
    ['7', 7],
  ])('urgency %s', (urgency, number) => {
    expect(submitOptionsOf({ urgency, flags: ['debug,waitable'] })).toEqual({
      urgency: number,
      debug: true,
      waitable: true,
      novalidate: false,
    });
  });

  it('refuses flags and urgencies that there are not', () => {
    expect(() => submitOptionsOf({ urgency: '16', flags: ['foo'] })).toThrow('--flags: Unknown flag foo');
    expect(() => submitOptionsOf({ urgency: 'soon' })).toThrow("'soon'");
  });
});

describe('bulk submission', () => {
  it.each<[string[], string[][]]>([
    [
      ['echo', ':::', 'a', 'b'],
      [['a'], ['b']],
    ],
    [
      ['echo', ':::', 'a', 'b', ':::', '1', '2'],
      [
        ['a', '1'],
        ['a', '2'],
        ['b', '1'],
        ['b', '2'],
      ],
    ],
    [
      ['echo', ':::', 'a', 'b', 'c', ':::+', '1', '2'],
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '1'],
      ],
    ],
  ])('%j', (words, combinations) => {
    expect(readBulkInputs(words, '\n')).toEqual({ command: ['echo'], combinations });
  });

  it('reads inputs from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulk-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'inputs');
    writeFileSync(path, 'one two\nthree\n');
    expect(readBulkInputs(['::::', path], undefined).combinations).toEqual([['one'], ['two'], ['three']]);
    expect(readBulkInputs(['::::', path], '\n').combinations).toEqual([['one two'], ['three']]);
  });

  it.each([
    ['{}', '/x/a.txt'],
    ['{.%}', '/x/a'],
    ['{./}', 'a.txt'],
    ['{.//}', '/x'],
    ['{./%}', 'a'],
    ['{1}-{seq}-{{id}}', 'b-3-{{id}}'],
  ])('%s', (template, filled) => {
    const { values, command } = fillTemplates({ output: template }, [template], ['/x/a.txt', 'b'], { seq: '3' });
    expect([values.output, command[0]]).toEqual([filled, filled]);
  });
});

describe('directives of a script', () => {
  it('takes options with shell quotes, comments and lines of their own', () => {
    const script = `#!/bin/sh
# flux: -n4 --job-name="a b"
# flux: -t 5m # comment
# flux: --setattr=user.x="""
# flux:   hello
# flux:   world
# flux: """
#
hostname
`;
    expect(parseDirectives(script)).toEqual([
      { line: 2, words: ['-n4', '--job-name=a b'] },
      { line: 3, words: ['-t', '5m'] },
      { line: 4, words: ['--setattr=user.x=  hello\n  world\n'] },
    ]);
  });

  it.each([
    ['#flux: -n1\nhostname\n#flux: -n2\n', "line 3: orphan 'flux:' detected"],
    ['#flux: -n1\n# flux: -n2\n', 'line 2: sentinel changed'],
    ['#flux: foo\n', 'line 1: Unknown directive'],
    ['#flux: --x="a\n', 'No closing quotation'],
    ['#flux: --x="""\nhostname\n', 'unterminated multi-line quote at line 1'],
  ])('%j: %s', (script, text) => {
    expect(() => parseDirectives(script)).toThrow(DirectiveError);
    expect(() => parseDirectives(script)).toThrow(text);
  });
});

describe('configuration of an instance', () => {
  it('puts sources together, later ones before earlier ones', () => {
    expect(readInstanceConfig(['a.b=1', '{\n"a": {"c": 2}}', 'x = "y"\n', 'a.b=3'])).toEqual({
      a: { b: 3, c: 2 },
      x: 'y',
    });
    expect(readInstanceConfig(undefined)).toBeUndefined();
    expect(() => readInstanceConfig(['nosuchname'])).toThrow("named config 'nosuchname' not found");
  });
});

it('reads the limits of a process', () => {
  const table = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max stack size            8388608              unlimited            bytes
`;
  expect(parseLimits(table)).toEqual({ cpu: -1, stack: 8_388_608 });
});
