/** `flux kvs eventlog append`. */
import { KvsTransaction } from '@ebb/flux-client';
import { printEvent } from '@ebb/flux-formats';
import { CommandError } from '../../../command-module.ts';
import { checkedKey } from '../../../kvs/keys.ts';
import { namespaceOf, namespaceOption } from '../../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../../options/c-options.ts';
import { failureOf, withBroker } from '../../../with-broker.ts';

export const syntax: CSyntax = {
  program: 'flux-kvs eventlog append',
  usage: '[-N ns] [-t SECONDS] key name [context ...]',
  description: 'Append to eventlog',
  options: [
    namespaceOption(),
    { name: 'timestamp', key: 't', takes: 'value', shown: 'SECONDS', help: 'Specify timestamp in seconds since epoch' },
  ],
};

export async function run(words: readonly string[]): Promise<void> {
  const options: COptions = parseCOptions(syntax, words);
  const [key, name, ...context] = options.words;
  if (key === undefined || name === undefined) options.failWithUsage();
  const given = Number(options.text('timestamp') ?? 0);
  if (Number.isNaN(given)) options.failOption("Option 'timestamp' requires a floating point argument");
  const line = eventLine(given === 0 ? Date.now() / 1000 : given, name, context.join(' '));
  await withBroker(async (flux) => {
    const transaction = new KvsTransaction().append(checkedKey(key, 'flux_kvs_txn_put'), line);
    await transaction.commit(flux, namespaceOf(options)).catch((error: unknown) => failureOf('flux_kvs_commit', error));
  });
}

/** @throws CommandError when the name is empty or the context is no JSON object */
function eventLine(timestamp: number, name: string, context: string): string {
  const fail = (): never => {
    throw new CommandError('eventlog_entry_create: Invalid argument');
  };
  if (name === '' || timestamp < 0) fail();
  if (context === '') return printEvent({ timestamp, name });
  let value: unknown;
  try {
    value = JSON.parse(context);
  } catch {
    fail();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail();
  return printEvent({ timestamp, name, context: value as Record<string, unknown> });
}
