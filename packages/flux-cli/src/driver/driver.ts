/** The `flux` command before any subcommand: its own options, then which subcommand is called. */
import { CommandError, CommandExit } from '../command-module.ts';
import { commandNamed, commandNames } from '../commands.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { driverSyntax } from './options.ts';

const helpSyntax: CSyntax = {
  program: 'flux help',
  usage: '[OPTIONS...] [COMMAND...]',
  description: 'Display help information for flux commands',
  options: [],
};

/** @returns the exit status */
export async function drive(words: readonly string[]): Promise<number> {
  try {
    return await dispatch(parseCOptions(driverSyntax, words));
  } catch (error) {
    if (error instanceof CommandExit) return error.exitCode;
    // Loaded only now: the options of the command itself need no broker.
    const { reportError } = await import('../run-command.ts');
    return reportError(error);
  }
}

async function dispatch(options: COptions): Promise<number> {
  if (options.has('help')) return showUsage(0);
  if (options.has('version')) return call('version', []);
  const [name, ...rest] = options.words;
  if (name === undefined) return showUsage(1);
  if (options.has('root')) await (await import('./parent-instance.ts')).enterRoot();
  else if (options.has('parent')) {
    await (await import('./parent-instance.ts')).enterParent(options.count('parent'));
  }
  if (options.has('verbose')) await showEnvironment();
  if (name !== 'help') return call(name, rest, options.has('verbose'));
  const [topic] = parseCOptions(helpSyntax, rest).words;
  // There are no manual pages: the command tells itself.
  return topic === undefined ? showUsage(0) : call(topic.replace(/^flux-/, ''), ['--help']);
}

async function call(name: string, words: string[], isVerbose = false): Promise<number> {
  const command = commandNamed(name);
  if (command) return (await import('../run-command.ts')).runCommand(name, command, words);
  const { findProgram, programNames, runProgram, searchPath } = await import('./external.ts');
  if (isVerbose) process.stdout.write(`sub-command search path: ${searchPath(process.env).join(':')}\n`);
  const program = findProgram(name, process.env);
  if (program !== undefined) return runProgram(program, words);
  if (name.includes('/')) throw new CommandError(`${name}: No such file or directory`);
  process.stderr.write(`flux: \`${name}' is not a flux command.  See 'flux --help'\n`);
  const { similarNames } = await import('./similar.ts');
  const similar = similarNames(name, [...commandNames(), ...programNames(process.env)]);
  if (similar.length > 0) {
    process.stderr.write(`flux: The most similar command${similar.length > 1 ? 's are' : ' is'}\n`);
    for (const each of similar) process.stderr.write(`flux: \t${each}\n`);
  }
  return 1;
}

async function showEnvironment(): Promise<void> {
  const { fluxVariables } = await import('../commands/env.ts');
  process.stdout.write(
    fluxVariables()
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
}

async function showUsage(exitCode: number): Promise<number> {
  process.stderr.write((await import('./usage.ts')).usage());
  return exitCode;
}
