/** `flux event`: publishes events and shows those that are published. */
import type { Flux } from '@ebb/flux-client';
import { CommandExit } from '../command-module.ts';
import { type COptions, type CSyntax, cHelp, parseCOptions } from '../options/c-options.ts';
import { withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-event',
  usage: 'pub [OPTIONS] topic [payload]\n   or: flux-event sub [OPTIONS] [topic...]',
  options: [],
};

interface Subcommand {
  run(flux: Flux, words: readonly string[]): Promise<number>;
}

const subcommands: Readonly<Record<string, () => Promise<Subcommand>>> = {
  pub: () => import('./event/pub.ts'),
  sub: () => import('./event/sub.ts'),
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parsed(words);
  const [name, ...rest] = options.words;
  if (name === undefined) options.failWithUsage();
  return withBroker(async (flux) => {
    const load = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
    if (!load) options.failWithUsage(`Unknown subcommand: ${name}`);
    return (await load!()).run(flux, rest);
  });
}

/** With the usage also after an option that there is not. */
function parsed(words: readonly string[]): COptions {
  try {
    return parseCOptions(syntax, words);
  } catch (error) {
    if (error instanceof CommandExit && error.exitCode !== 0) process.stderr.write(cHelp(syntax));
    throw error;
  }
}
