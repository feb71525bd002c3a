/** `flux kvs put`. */
import { buffer, text } from 'node:stream/consumers';
import { KvsTransaction } from '@ebb/flux-client';
import { FormatError, parseTreeObject } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { checkedKey } from '../../kvs/keys.ts';
import { commit, namespaceOf, namespaceOption, rootOptions } from '../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs put',
  usage: '[-N ns] [-O|-b|-s] [-r|-t] [-n] [-A] [-S] key=value [key=value...]',
  description: 'Store value under key',
  options: [
    namespaceOption(),
    ...rootOptions('puts'),
    { name: 'raw', key: 'r', help: 'Store value(s) as-is without adding NULL termination' },
    { name: 'treeobj', key: 't', help: 'Store RFC 11 object' },
    { name: 'no-merge', key: 'n', help: 'Set the NO_MERGE flag to ensure commit is standalone' },
    { name: 'append', key: 'A', help: 'Append value(s) to key instead of overwriting' },
    { name: 'sync', key: 'S', help: 'Flushes content and checkpoints after completing put' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length === 0) options.failWithUsage();
  await withBroker(async (flux) => {
    const transaction = new KvsTransaction();
    for (const word of options.words) await add(transaction, word, options);
    const how = { ...namespaceOf(options), sync: options.has('sync'), noMerge: options.has('no-merge') };
    await commit(flux, transaction, options, how);
  });
  return 0;
}

async function add(transaction: KvsTransaction, word: string, options: COptions): Promise<void> {
  const equals = word.indexOf('=');
  if (equals < 0) throw new CommandError('put: you must specify a value as key=value');
  const key = checkedKey(word.slice(0, equals));
  const value = word.slice(equals + 1);
  if (options.has('treeobj')) {
    transaction.putTreeObject(key, treeObject(key, value === '-' ? await text(process.stdin) : value));
    return;
  }
  const bytes = options.has('raw') && value === '-' ? await buffer(process.stdin) : Buffer.from(value);
  if (options.has('append')) transaction.append(key, bytes);
  else transaction.put(key, bytes);
}

function treeObject(key: string, value: string): ReturnType<typeof parseTreeObject> {
  try {
    return parseTreeObject(JSON.parse(value));
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof SyntaxError)) throw error;
    throw new CommandError(`${key}: Protocol error`);
  }
}
