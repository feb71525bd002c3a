/** Options that several subcommands of `flux resource` take. */
import { CommandExit } from '../../command-module.ts';
import { isColored } from '../../jobs/jobs-options.ts';
import { helpOption } from '../../options/python-options.ts';
import type { PythonOption, PythonSyntax } from '../../options/python-syntax.ts';

export const subcommandNames = [
  'acquire-mute',
  'drain',
  'undrain',
  'status',
  'list',
  'info',
  'reload',
  'R',
  'eventlog',
] as const;

export const resourceUsage = [
  'flux-resource [-h]',
  `                     {${subcommandNames.join(',')}}`,
  '                     ...',
].join('\n');

/** The syntax of a subcommand. */
export function subcommandSyntax(name: string, rest: Omit<PythonSyntax, 'program'>): PythonSyntax {
  return { program: `flux-resource ${name}`, above: { program: 'flux-resource', usage: resourceUsage }, ...rest };
}

export const formatOption: PythonOption = {
  flags: ['-o', '--format'],
  takes: 'one',
  default: 'default',
  help: "Specify output format using Python's string format syntax or a defined format by name (use 'help' to get a list of names)",
};

export function statesOption(help: string, without?: string): PythonOption {
  return {
    flags: ['-s', '--states'],
    hiddenFlags: ['--state'],
    takes: 'one',
    shown: 'STATE,...',
    ...(without === undefined ? {} : { default: without }),
    help,
  };
}

export const includeOption: PythonOption = {
  flags: ['-i', '--include'],
  takes: 'one',
  shown: 'TARGETS',
  help: 'Include only specified targets in output set. TARGETS may be provided as an idset or hostlist.',
};

export const queueOption: PythonOption = {
  flags: ['-q', '--queue'],
  takes: 'append',
  shown: 'QUEUE,...',
  help: 'Include only specified queues in output',
};

export const noHeaderOption: PythonOption = {
  flags: ['-n', '--no-header'],
  takes: 'flag',
  help: 'Suppress header output',
};

export const colorOption: PythonOption = {
  flags: ['-L', '--color'],
  takes: 'optional',
  constant: 'always',
  shown: 'WHEN',
  help: "Use color; WHEN can be 'never', 'always' or 'auto' (default)",
};

/** What is read instead of asking a broker. */
export const sourceOptions: readonly PythonOption[] = [
  { flags: ['--from-stdin'], takes: 'flag' },
  { flags: ['--config-file'], takes: 'one' },
];

export function wantsColor(syntax: PythonSyntax, values: Readonly<Record<string, unknown>>): boolean {
  return isColored({ ...syntax, options: [helpOption, ...syntax.options] }, values['color'] as string | undefined);
}

/** The names of `--queue`, each once. */
export function queuesOf(values: Readonly<Record<string, unknown>>): string[] {
  return [...new Set(((values['queue'] as string[] | undefined) ?? []).flatMap((text) => text.split(',')))];
}

/** Ends with what is wrong and, below it, a hint. */
export function failWithHint(problem: string, hint: string): never {
  process.stderr.write(`flux-resource: ERROR: ${problem}\nflux-resource: INFO: ${hint}\n`);
  throw new CommandExit(1);
}
