/** `flux kvs eventlog get`. */
import { type Flux, FluxError, kvsLookup, kvsLookupFlag, kvsLookups, kvsValue } from '@ebb/flux-client';
import type { TreeObject } from '@ebb/flux-formats';
import { eventLines, eventlogFormat, humanOptions, unformattedOption } from '../../../kvs/eventlogs.ts';
import { checkedKey } from '../../../kvs/keys.ts';
import { namespaceOf, namespaceOption } from '../../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../../options/c-options.ts';
import { failureOf, withBroker } from '../../../with-broker.ts';

export const syntax: CSyntax = {
  program: 'flux-kvs eventlog get',
  usage: '[-N ns] [-u] [-W] [-w] [-c COUNT] [-H] [-S]  [-L auto|always|never] key',
  description: 'Get eventlog',
  options: [
    namespaceOption(),
    { name: 'waitcreate', key: 'W', help: 'Wait for creation to occur on watch' },
    { name: 'watch', key: 'w', help: 'Monitor eventlog' },
    { name: 'count', key: 'c', takes: 'value', shown: 'COUNT', help: 'Display at most COUNT events' },
    unformattedOption,
    ...humanOptions,
    { name: 'stream', key: 'S', help: 'Return potentially large values in multiple responses.' },
  ],
};

export async function run(words: readonly string[]): Promise<void> {
  const options: COptions = parseCOptions(syntax, words);
  const [key, ...more] = options.words;
  if (key === undefined || more.length > 0) options.failWithUsage();
  const most = (options.has('watch') && options.integer('count')) || Number.POSITIVE_INFINITY;
  const format = eventlogFormat(options);
  await withBroker(async (flux) => {
    let shown = 0;
    try {
      for await (const object of lookups(flux, checkedKey(key, 'flux_kvs_lookup'), options)) {
        for (const { line } of eventLines(kvsValue(object))) {
          process.stdout.write(format.print(line));
          shown += 1;
          if (shown >= most) return;
        }
      }
    } catch (error) {
      if (error instanceof FluxError && error.code === 'ENODATA') return;
      failureOf('flux_kvs_lookup_get', error);
    }
  });
}

async function* lookups(flux: Flux, key: string, options: COptions): AsyncGenerator<TreeObject> {
  const where = namespaceOf(options);
  const flags =
    (options.has('waitcreate') ? kvsLookupFlag.waitCreate : 0) |
    (options.has('watch') ? kvsLookupFlag.watch | kvsLookupFlag.watchAppend : 0) |
    (options.has('stream') ? kvsLookupFlag.stream : 0);
  if (options.has('watch') || options.has('stream')) yield* kvsLookups(flux, key, flags, where);
  else yield await kvsLookup(flux, key, flags, where);
}
