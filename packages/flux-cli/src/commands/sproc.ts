/** `flux sproc`: programs that brokers run in the background, those of `flux exec --bg` among them. */
import { CommandExit } from '../command-module.ts';
import { pythonUsage } from '../options/python-help.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';

const names = ['kill', 'wait', 'ps'];
const choices = `{${names.join(',')}}`;

const syntax: PythonSyntax = {
  program: 'flux-sproc',
  usage: `flux-sproc [-h] ${choices} ...`,
  options: [{ flags: ['-h', '--help'], takes: 'flag', help: 'show this help message and exit' }],
  ownHelp: true,
};

export async function run(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === '-h' || name === '--help') {
    const row = `  ${'-h, --help'.padEnd(16)}show this help message and exit`;
    process.stdout.write(`${pythonUsage(syntax)}\noptions:\n${row}\n\nsupported subcommands:\n\n  ${choices}\n`);
    return 0;
  }
  if (name === 'kill') return (await import('./sproc/kill.ts')).run(rest);
  if (name === 'wait') return (await import('./sproc/wait.ts')).run(rest);
  if (name === 'ps') return (await import('./sproc/ps.ts')).run(rest);
  const listed = names.map((each) => `'${each}'`).join(', ');
  const problem =
    name === undefined || name.startsWith('-')
      ? 'the following arguments are required: subcommand'
      : `argument subcommand: invalid choice: '${name}' (choose from ${listed})`;
  process.stderr.write(`${pythonUsage(syntax)}flux-sproc: error: ${problem}\n`);
  throw new CommandExit(2);
}
