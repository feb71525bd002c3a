/** `flux kvs version`. */
import { kvsRoot } from '@ebb/flux-client';
import { namespaceOf, namespaceOption } from '../../kvs/options.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs version',
  usage: '[-N ns]',
  description: 'Display current KVS version',
  options: [namespaceOption()],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    const root = await kvsRoot(flux, namespaceOf(options)).catch((error: unknown) =>
      failureOf('flux_kvs_get_version', error),
    );
    process.stdout.write(`${root.rootseq}\n`);
  });
  return 0;
}
