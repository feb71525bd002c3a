/** The first word after the options of a command that flux-core has in C names one of its subcommands. */
import type { COptions } from './c-options.ts';

/** @throws CommandExit after saying that the word is missing or names none */
export function chooseSubcommand<T>(
  options: COptions,
  subcommands: Readonly<Record<string, T>>,
): { readonly name: string; readonly subcommand: T; readonly rest: readonly string[] } {
  const [name, ...rest] = options.words;
  if (name === undefined) return options.failWithUsage('missing subcommand');
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined) return options.failWithUsage(`Unknown subcommand: ${name}`);
  return { name, subcommand, rest };
}
