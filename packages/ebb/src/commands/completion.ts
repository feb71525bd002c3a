/** Completion scripts for bash, zsh and fish, generated from the commands themselves. */
import type { Command, Option } from 'commander';
import { scenarios } from '../walkthrough/scenarios.ts';
import { bashScript } from './completion/bash.ts';
import type { CommandWords, OptionWords, Value } from './completion/command-words.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';

export type Shell = 'bash' | 'zsh' | 'fish';
export const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** A script that, sourced by the shell, completes `ebb` and its subcommands, options and the names of clusters. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.filter((command) => !command.name().startsWith('_')).map(wordsOf);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

function wordsOf(command: Command): CommandWords {
  const [first] = command.registeredArguments;
  return {
    name: command.name(),
    says: command.description(),
    options: command.options.filter(({ hidden }) => !hidden).map(optionWords),
    argument: first ? argumentValue(first.name()) : 'none',
    argumentRepeats: first?.variadic ?? false,
  };
}

function optionWords(option: Option): OptionWords {
  return {
    forms: [option.short, option.long].filter((form) => form !== undefined),
    says: option.description,
    value: option.required ? optionValue(option) : undefined,
  };
}

function optionValue({ flags, description }: Option): Value {
  if (flags.includes('<file>')) return 'file';
  if (flags.includes('<format>')) return { words: description.split(' or ') };
  return 'none';
}

function argumentValue(name: string): Value {
  if (name === 'name') return 'cluster';
  if (name === 'shell') return { words: shells };
  if (name === 'scenario') return { words: scenarios.map((scenario) => scenario.name) };
  return 'none';
}
