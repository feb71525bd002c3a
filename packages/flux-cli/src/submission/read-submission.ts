/** Reads the words of a submitting command: its help, its options, and the dry run. */
import type { Jobspec } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../command-module.ts';
import { pythonHelp } from '../options/python-help.ts';
import { parsePythonOptions } from '../options/python-options.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';
import { jobspecText } from './jobspec-text.ts';

/** @throws CommandExit when the help was asked for, or the words are wrong */
export function readSubmission<Values>(
  syntax: PythonSyntax,
  words: readonly string[],
): { values: Values; words: string[] } {
  const parsed = parsePythonOptions(syntax, words);
  const { help } = parsed.values;
  if (help === 'default') {
    process.stdout.write(pythonHelp(syntax));
    throw new CommandExit(0);
  }
  if (help !== undefined) throw new CommandError(`--help=${help}: there is no such topic`);
  if (parsed.values['list-plugins']) throw new CommandError('--list-plugins: command-line plugins are not supported');
  return { values: parsed.values as unknown as Values, words: parsed.words };
}

/** Prints the jobspec in the place of submitting it. */
export function dryRun(jobspec: Jobspec): number {
  process.stdout.write(`${jobspecText(jobspec)}\n`);
  return 0;
}
