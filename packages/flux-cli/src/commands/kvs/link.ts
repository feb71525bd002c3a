/** `flux kvs link`. */
import { KvsTransaction } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { checkedKey } from '../../kvs/keys.ts';
import { commit, namespaceOf, namespaceOption, rootOptions } from '../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs link',
  usage: '[-N ns] [-T ns] [-O|-b|-s] target linkname',
  description: 'Create a new name for target',
  options: [
    namespaceOption("Specify link's namespace."),
    { name: 'target-namespace', key: 'T', takes: 'value', help: "Specify target's namespace" },
    ...rootOptions('link'),
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [target, name, ...more] = options.words;
  if (target === undefined) options.failWithUsage();
  if (name === undefined || more.length > 0) throw new CommandError('link: specify target and link_name');
  await withBroker(async (flux) => {
    checkedKey(target, name);
    const transaction = new KvsTransaction().link(checkedKey(name), target, options.text('target-namespace'));
    await commit(flux, transaction, options, namespaceOf(options));
  });
  return 0;
}
