/** `flux kvs wait`. */
import { kvsWaitVersion } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { namespaceOf, namespaceOption } from '../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs wait',
  usage: '[-N ns] version',
  description: 'Block until the KVS reaches version',
  options: [namespaceOption()],
};

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [version, ...more] = options.words;
  if (version === undefined) options.failWithUsage();
  if (more.length > 0) throw new CommandError('wait: specify a version');
  await withBroker(async (flux) => {
    // What does not begin with digits is 0, as flux-core reads it.
    const sequence = Number.parseInt(version, 10) || 0;
    await kvsWaitVersion(flux, sequence, namespaceOf(options)).catch((error: unknown) =>
      failureOf('flux_kvs_wait_version', error),
    );
  });
  return 0;
}
