/** `flux config`: the configuration of a broker. */
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';

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
  const options: COptions = parseCOptions(syntax, words);
  const [name, ...rest] = options.words;
  if (name === undefined) options.failWithUsage('missing subcommand');
  const load = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!load) options.failWithUsage(`Unknown subcommand: ${name}`);
  return (await load()).run(rest);
}
