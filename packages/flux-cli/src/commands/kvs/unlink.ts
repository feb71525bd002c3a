/** `flux kvs unlink`. */
import { type Flux, FluxError, KvsTransaction, kvsTreeObject } from '@ebb/flux-client';
import { strerror } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { entriesOf, isDirectory, type Where } from '../../kvs/entries.ts';
import { checkedKey } from '../../kvs/keys.ts';
import { commit, namespaceOf, namespaceOption, rootOptions } from '../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs unlink',
  usage: '[-N ns] [-O|-b|-s] [-R] [-f] key [key...]',
  description: 'Remove key',
  options: [
    namespaceOption(),
    ...rootOptions('unlinks'),
    { name: 'recursive', key: 'R', help: 'Remove directory contents recursively' },
    { name: 'force', key: 'f', help: 'ignore nonexistent files' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length === 0) options.failWithUsage();
  const where = namespaceOf(options);
  await withBroker(async (flux) => {
    const transaction = new KvsTransaction();
    for (const key of options.words) {
      checkedKey(key, `cannot unlink '${key}'`);
      if (await mayGo(flux, key, where, options)) transaction.unlink(key);
    }
    await commit(flux, transaction, options, where);
  });
  return 0;
}

/** @throws CommandError when the key is not there, or a directory that is not empty */
async function mayGo(flux: Flux, key: string, where: Where, options: COptions): Promise<boolean> {
  try {
    const object = await kvsTreeObject(flux, key, where);
    if (!isDirectory(object) || options.has('recursive')) return true;
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    if (error.code === 'ENOENT' && options.has('force')) return false;
    throw new CommandError(`cannot unlink '${key}': ${strerror(error.errno)}`);
  }
  if ((await entriesOf(flux, key, where)).length === 0) return true;
  throw new CommandError(`cannot unlink '${key}': Directory not empty`);
}
