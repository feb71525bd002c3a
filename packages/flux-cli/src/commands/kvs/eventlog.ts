/** `flux kvs eventlog`: append to, show and follow eventlogs (RFC 18) at keys. */
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { chooseSubcommand } from '../../options/c-subcommands.ts';
import * as append from './eventlog/append.ts';
import * as get from './eventlog/get.ts';
import * as waitEvent from './eventlog/wait-event.ts';

const subcommands: Readonly<Record<string, { syntax: CSyntax; run(words: readonly string[]): Promise<void> }>> = {
  append,
  get,
  'wait-event': waitEvent,
};

const syntax: CSyntax = {
  program: 'flux-kvs eventlog',
  usage: Object.entries(subcommands)
    .map(
      ([
        name,
        {
          syntax: { usage },
        },
      ]) => `${name} ${usage}`,
    )
    .join('\n   or: flux-kvs eventlog '),
  description: 'Manipulate a KVS eventlog',
  options: [],
};

export async function run(words: readonly string[]): Promise<number> {
  const { subcommand, rest } = chooseSubcommand(parseCOptions(syntax, words), subcommands);
  await subcommand.run(rest);
  return 0;
}
