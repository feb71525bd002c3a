/** `flux overlay`: the tree of brokers. */
import { CommandError } from '../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';

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
  errors: () => import('./overlay/errors.ts'),
  status: () => import('./overlay/status.ts'),
  lookup: () => import('./overlay/lookup.ts'),
  parentof: () => import('./overlay/parentof.ts'),
  disconnect: () => import('./overlay/disconnect.ts'),
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [name, ...rest] = options.words;
  if (name === undefined) options.failWithUsage('missing subcommand');
  if (name === 'trace') {
    throw new CommandError('trace is not supported here: brokers do not keep copies of what they pass on');
  }
  const load = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!load) options.failWithUsage(`Unknown subcommand: ${name}`);
  await (await load()).run(rest);
  return 0;
}
