/** `flux kvs mkdir`. */
import { KvsTransaction } from '@ebb/flux-client';
import { checkedKey } from '../../kvs/keys.ts';
import { commit, namespaceOf, namespaceOption, rootOptions } from '../../kvs/options.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs mkdir',
  usage: '[-N ns] [-O|-b|-s] key [key...]',
  description: 'Create a directory',
  options: [namespaceOption(), ...rootOptions('new directory')],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length === 0) options.failWithUsage();
  await withBroker(async (flux) => {
    const transaction = new KvsTransaction();
    for (const key of options.words) transaction.makeDirectory(checkedKey(key));
    await commit(flux, transaction, options, namespaceOf(options));
  });
  return 0;
}
