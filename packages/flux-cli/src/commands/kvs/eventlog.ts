/** `flux kvs eventlog`: append to, show and follow eventlogs (RFC 18) at keys. */
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
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
  const options: COptions = parseCOptions(syntax, words);
  const [name, ...rest] = options.words;
  if (name === undefined) options.failWithUsage('missing subcommand');
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand) options.failWithUsage(`Unknown subcommand: ${name}`);
  await subcommand.run(rest);
  return 0;
}
