/** `flux queue`: lists queues, and opens, closes, starts and stops them. */
import { CommandExit } from '../command-module.ts';
import { pythonUsage } from '../options/python-help.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';
import { queueChoices, queueCommand, queueNames } from './queue/syntax.ts';

const names: readonly string[] = queueNames;
const choices = queueChoices;

const syntax: PythonSyntax = {
  ...queueCommand,
  options: [{ flags: ['-h', '--help'], takes: 'flag', help: 'show this help message and exit' }],
  ownHelp: true,
};

export async function run(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === '-h' || name === '--help') {
    const row = `  ${'-h, --help'.padEnd(38)}show this help message and exit`;
    process.stdout.write(`${pythonUsage(syntax)}\noptions:\n${row}\n\nsubcommands:\n\n  ${choices}\n`);
    return 0;
  }
  if (name === 'list') return (await import('./queue/list.ts')).run(rest);
  if (name === 'drain' || name === 'idle') return (await import('./queue/wait.ts')).run(name, rest);
  if (name !== undefined && names.includes(name)) return (await import('./queue/change.ts')).run(name, rest);
  const problem =
    name === undefined
      ? 'the following arguments are required: subcommand'
      : name.startsWith('-')
        ? `unrecognized arguments: ${name}`
        : `argument subcommand: invalid choice: '${name}' (choose from ${names.map((each) => `'${each}'`).join(', ')})`;
  process.stderr.write(`${pythonUsage(syntax)}flux-queue: error: ${problem}\n`);
  throw new CommandExit(2);
}
