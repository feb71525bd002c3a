/** `flux kvs readlink`. */
import { kvsLookup, kvsLookupFlag } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { checkedKey } from '../../kvs/keys.ts';
import { namespaceOf, namespaceOption } from '../../kvs/options.ts';
import { snapshotOf, snapshotOption } from '../../kvs/snapshot.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs readlink',
  usage: '[-N ns] [-a treeobj] [ -o | -k ] key [key...]',
  description: 'Retrieve the key a link refers to',
  options: [
    namespaceOption(),
    snapshotOption,
    { name: 'namespace-only', key: 'o', help: 'Output only namespace if link points to a namespace' },
    { name: 'key-only', key: 'k', help: 'Output only key if link points to a namespace' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length === 0) options.failWithUsage();
  await withBroker(async (flux) => {
    for (const key of options.words) {
      const at = snapshotOf(options, checkedKey(key));
      const where = { ...namespaceOf(options), ...(at === undefined ? {} : { at }) };
      const link = await kvsLookup(flux, key, kvsLookupFlag.readLink, where).catch((error: unknown) =>
        failureOf(key, error),
      );
      if (link.type !== 'symlink') throw new CommandError(`${key}: Invalid argument`);
      const { target, namespace } = link.data;
      const whole = namespace === undefined ? target : `${namespace}::${target}`;
      if (options.has('namespace-only') && namespace !== undefined) process.stdout.write(`${namespace}\n`);
      else process.stdout.write(`${options.has('key-only') ? target : whole}\n`);
    }
  });
  return 0;
}
