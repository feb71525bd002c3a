/** `flux module`: the modules of a broker. */
import { CommandError, CommandExit } from '../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { chooseSubcommand } from '../options/c-subcommands.ts';

const syntax: CSyntax = { program: 'flux-module', usage: 'COMMAND [OPTIONS]', options: [] };

interface ModuleSubcommand {
  run(words: readonly string[], name: string): Promise<void>;
}

const subcommands: Readonly<Record<string, { readonly says: string; load?(): Promise<ModuleSubcommand> }>> = {
  list: { says: 'List loaded modules', load: () => import('./module/list.ts') },
  remove: { says: 'Unload module', load: () => import('./module/remove.ts') },
  load: { says: 'Load module', load: () => import('./module/load.ts') },
  reload: { says: 'Reload module', load: () => import('./module/reload.ts') },
  stats: { says: 'Display stats on module', load: () => import('./module/stats.ts') },
  debug: { says: 'Get/set module debug flags', load: () => import('./module/debug.ts') },
  trace: { says: 'Trace module messages' },
};

export async function run(words: string[]): Promise<number> {
  const { name, subcommand, rest } = chooseSubcommand(parsed(words), {
    ...subcommands,
    unload: subcommands['remove']!,
  });
  if (!subcommand.load) {
    throw new CommandError(
      `${name} is not supported here: modules share one thread, and no copies of messages are kept`,
    );
  }
  await (await subcommand.load()).run(rest, name);
  return 0;
}

/** The help lists the subcommands, and ends with status 1, as flux-core's does. */
function parsed(words: readonly string[]): COptions {
  try {
    return parseCOptions(syntax, words);
  } catch (error) {
    if (!(error instanceof CommandExit)) throw error;
    if (error.exitCode !== 0) throw error;
    const rows = Object.entries(subcommands).map(([name, { says }]) => `   ${name.padEnd(15)} ${says}\n`);
    process.stderr.write(`\nflux module subcommands:\n${rows.join('')}`);
    throw new CommandExit(1);
  }
}
