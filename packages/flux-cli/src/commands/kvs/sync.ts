/** `flux kvs sync`: all that was committed is on disk when it ends. */
import { KvsTransaction } from '@ebb/flux-client';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs sync',
  usage: '[OPTIONS]...',
  description: 'sync content and checkpoint to disk',
  options: [],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 0) options.failWithUsage();
  await withBroker(async (flux) => {
    await new KvsTransaction()
      .commit(flux, { sync: true })
      .catch((error: unknown) => failureOf('flux_kvs_commit', error));
  });
  return 0;
}
