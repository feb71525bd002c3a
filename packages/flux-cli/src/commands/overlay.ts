/** `flux overlay`: the tree of brokers. */
import { CommandError } from '../command-module.ts';
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { chooseSubcommand } from '../options/c-subcommands.ts';

const syntax: CSyntax = {
  program: 'flux overlay',
  usage: [
    'trace [OPTIONS] [topic-glob]',
    'errors [OPTIONS]',
    'status [OPTIONS]',
    'lookup [OPTIONS] TARGET',
    'parentof [OPTIONS] RANK',
    'disconnect [OPTIONS] TARGET',
  ].join('\n   or: flux overlay '),
  description: 'Manage overlay network',
  options: [],
};

export interface OverlayCommand {
  run(words: readonly string[]): Promise<void>;
}

const subcommands: Readonly<Record<string, () => Promise<OverlayCommand>>> = {
  async trace() {
    throw new CommandError('trace is not supported here: brokers do not keep copies of what they pass on');
  },
  errors: () => import('./overlay/errors.ts'),
  status: () => import('./overlay/status.ts'),
  lookup: () => import('./overlay/lookup.ts'),
  parentof: () => import('./overlay/parentof.ts'),
  disconnect: () => import('./overlay/disconnect.ts'),
};

export async function run(words: string[]): Promise<number> {
  const { subcommand, rest } = chooseSubcommand(parseCOptions(syntax, words), subcommands);
  await (await subcommand()).run(rest);
  return 0;
}
