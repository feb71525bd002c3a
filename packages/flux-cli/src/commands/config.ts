/** `flux config`: the configuration of a broker. */
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { chooseSubcommand } from '../options/c-subcommands.ts';

const syntax: CSyntax = {
  program: 'flux config',
  usage: [
    'load [PATH]',
    'reload [OPTIONS]',
    'get [OPTIONS] [NAME]',
    'set [OPTIONS] NAME VALUE',
    'unset NAME',
    'builtin NAME',
  ].join('\n   or: flux config '),
  description: 'Manage configuration',
  options: [],
};

interface ConfigCommand {
  /** Resolves with the exit status. */
  run(words: readonly string[]): Promise<number>;
}

const subcommands: Readonly<Record<string, () => Promise<ConfigCommand>>> = {
  load: () => import('./config/load.ts'),
  reload: () => import('./config/reload.ts'),
  get: () => import('./config/get.ts'),
  set: () => import('./config/set.ts'),
  unset: () => import('./config/unset.ts'),
  builtin: () => import('./config/builtin.ts'),
};

export async function run(words: string[]): Promise<number> {
  const { subcommand, rest } = chooseSubcommand(parseCOptions(syntax, words), subcommands);
  return (await subcommand()).run(rest);
}
