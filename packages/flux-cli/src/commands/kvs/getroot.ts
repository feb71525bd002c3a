/** `flux kvs getroot`. */
import { kvsRoot } from '@ebb/flux-client';
import { namespaceOf, namespaceOption, rootObjectText } from '../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs getroot',
  usage: '[-N ns] [-s|-o|-b]',
  description: 'Get KVS root treeobj',
  options: [
    namespaceOption(),
    { name: 'sequence', key: 's', help: 'Show sequence number' },
    { name: 'owner', key: 'o', help: 'Show owner' },
    { name: 'blobref', key: 'b', help: 'Show blobref' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 0) options.failWithUsage();
  await withBroker(async (flux) => {
    const shown = shownPart(options);
    const root = await kvsRoot(flux, namespaceOf(options)).catch((error: unknown) =>
      failureOf(`flux_kvs_getroot_get_${shown}`, error),
    );
    const text = { owner: root.owner, sequence: root.rootseq, blobref: root.rootref, treeobj: rootObjectText(root) };
    process.stdout.write(`${text[shown]}\n`);
  });
  return 0;
}

function shownPart(options: COptions): 'owner' | 'sequence' | 'blobref' | 'treeobj' {
  for (const name of ['owner', 'sequence', 'blobref'] as const) if (options.has(name)) return name;
  return 'treeobj';
}
