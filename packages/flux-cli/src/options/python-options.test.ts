import { afterEach, describe, expect, it, vi } from 'vitest';
import { CommandExit } from '../command-module.ts';
import { parseCOptions } from './c-options.ts';
import { wrapText } from './python-help.ts';
import { parsePythonOptions } from './python-options.ts';
import type { PythonSyntax } from './python-syntax.ts';

const syntax: PythonSyntax = {
  program: 'flux x',
  usage: 'flux x [OPTIONS...]',
  options: [
    { flags: ['-n', '--ntasks'], takes: 'one', help: 'tasks' },
    { flags: ['-v', '--verbose'], takes: 'count', default: 0, help: 'more' },
    { flags: ['--env'], takes: 'append', help: 'rule' },
    { flags: ['--env-remove'], takes: 'append', key: 'env', toList: (text) => `-${text}`, help: 'rule' },
    { flags: ['-w', '--width'], takes: 'optional', type: 'int', constant: 0, help: 'width' },
    { flags: ['--color'], takes: 'one', choices: ['red', 'blue'], help: 'color' },
  ],
  positionals: [{ name: 'command', takes: 'rest' }],
  posix: true,
};

function failing(words: readonly string[], of = syntax): { said: string; exitCode: number } {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  try {
    parsePythonOptions(of, words);
  } catch (error) {
    if (error instanceof CommandExit) return { said, exitCode: error.exitCode };
    throw error;
  }
  throw new Error('it was taken');
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('options of Python commands', () => {
  it.each([
    [['-n4', 'a'], { ntasks: '4' }, ['a']],
    [['--ntasks=4', 'a', '-n', '5'], { ntasks: '4' }, ['a', '-n', '5']],
    [['-vvn', '4'], { ntasks: '4', verbose: 2 }, []],
    [['--env=a', '--env-remove', 'b*', '--env=c'], { env: ['a', '-b*', 'c'] }, []],
    [['-w', '-v'], { width: 0, verbose: 1 }, []],
    [['-w', '30', '--', '-x'], { width: 30 }, ['--', '-x']],
  ])('%j', (words, values, rest) => {
    const parsed = parsePythonOptions(syntax, words);
    expect(parsed.values).toEqual({ verbose: 0, ...values });
    expect(parsed.words).toEqual(rest);
  });

  it.each([
    [['--foo', 'a'], 'unrecognized arguments: --foo'],
    [['-n'], 'argument -n/--ntasks: expected one argument'],
    [['-n', '--env'], 'argument -n/--ntasks: expected one argument'],
    [['--color=green'], "argument --color: invalid choice: 'green' (choose from 'red', 'blue')"],
    [['--width=x'], "argument -w/--width: invalid int value: 'x'"],
    [['--verbose=2'], "argument -v/--verbose: ignored explicit argument '2'"],
  ])('%j: %s', (words, text) => {
    expect(failing(words)).toEqual({ said: `usage: flux x [OPTIONS...]\nflux x: error: ${text}\n`, exitCode: 2 });
  });

  it('takes options after words when the syntax is not posix, and misses required words', () => {
    const open: PythonSyntax = { ...syntax, posix: false, positionals: [{ name: 'id', shown: 'ID', takes: 'some' }] };
    expect(parsePythonOptions(open, ['a', '-v', 'b'])).toEqual({ values: { verbose: 1 }, words: ['a', 'b'] });
    expect(failing(['-v'], open).said).toContain('the following arguments are required: ID');
  });
});

describe('text of the help', () => {
  it('breaks at spaces and after hyphens within words', () => {
    expect(wrapText('via the -c, --cores-per-slot and -g, --gpus-per-slot options', 46)).toEqual([
      'via the -c, --cores-per-slot and -g, --gpus-',
      'per-slot options',
    ]);
  });
});

describe('options of C commands', () => {
  const attach = {
    program: 'flux-job attach',
    usage: '[OPTIONS] id',
    options: [
      { name: 'label-io', key: 'l', help: 'label' },
      { name: 'tail', takes: 'optional', shown: 'NUM', help: 'tail' },
      { name: 'states', key: 's', takes: 'value', splits: true, help: 'states' },
    ],
  } as const;

  it('takes names that are cut short, values as they come, and no option after a word', () => {
    const options = parseCOptions(attach, ['--lab', '--tail=3', '-sa,b', 'f1', '-x']);
    expect(options.words).toEqual(['f1', '-x']);
    expect([options.has('label-io'), options.integer('tail'), options.list('states')]).toEqual([true, 3, ['a', 'b']]);
  });

  it('names an option that there is not', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => parseCOptions(attach, ['--foo'])).toThrow(CommandExit);
    expect(write).toHaveBeenCalledWith(
      "flux-job attach: unrecognized option '--foo'\nTry `flux-job attach --help' for more information.\n",
    );
  });
});
