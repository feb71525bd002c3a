/**
 * The inputs of bulksubmit: words after `:::`, lines of a file after `::::`, and lists that go along with the one before
 * (`:::+`, `::::+`). Each combination of the others is one command.
 */
import { readFileSync } from 'node:fs';
import { CommandError } from '../command-module.ts';
import { fileError } from './submission.ts';

export interface BulkInputs {
  /** The words before the first `:::`; `{}` when there are none. */
  readonly command: readonly string[];
  /** Of each command to submit: its inputs. */
  readonly combinations: readonly (readonly string[])[];
}

/** `separator`: between the inputs of a file; undefined for any white space. */
export function readBulkInputs(words: readonly string[], separator: string | undefined): BulkInputs {
  const groups: string[][] = [[]];
  for (const word of words) {
    if (word.startsWith(':::')) groups.push([word]);
    else groups.at(-1)!.push(word);
  }
  const [command, ...lists] = groups as [string[], ...string[][]];
  const inputs: { readonly list: string[]; readonly linked: boolean }[] = lists.map(([kind, ...list]) => {
    const fromFile = kind!.startsWith('::::') && kind !== '::::+';
    if (fromFile && list.length > 1) throw new CommandError('Multiple args not allowed after ::::');
    return { list: fromFile ? readInputs(list[0]!, separator) : list, linked: kind!.endsWith('+') };
  });
  if (!inputs.some(({ linked }) => !linked)) inputs.unshift({ list: readInputs('-', separator), linked: false });
  return { command: command.length > 0 ? command : ['{}'], combinations: combine(inputs) };
}

function combine(inputs: readonly { readonly list: readonly string[]; readonly linked: boolean }[]): string[][] {
  let combinations: string[][] = [[]];
  for (const { list, linked } of inputs) {
    if (linked || list.length === 0) continue;
    combinations = combinations.flatMap((before) => list.map((input) => [...before, input]));
  }
  for (const [index, { list, linked }] of inputs.entries()) {
    if (!linked || list.length === 0) continue;
    for (const [at, combination] of combinations.entries()) combination.splice(index, 0, list[at % list.length]!);
  }
  return combinations;
}

function readInputs(path: string, separator: string | undefined): string[] {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new CommandError(fileError(error as NodeJS.ErrnoException, path));
  }
  return text.split(separator ?? /\s+/).filter((input) => input !== '');
}
