/** `flux kvs get`. */
import { type Flux, FluxError, kvsLookup, kvsLookupFlag, kvsLookups, kvsValue } from '@ebb/flux-client';
import { canonicalTreeText, type TreeObject } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { checkedKey } from '../../kvs/keys.ts';
import { namespaceOf, namespaceOption } from '../../kvs/options.ts';
import { snapshotOf, snapshotOption } from '../../kvs/snapshot.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs get',
  usage: '[-N ns] [-r|-t] [-a treeobj] [-l] [-W] [-w] [-u] [-A] [-f] [-S] [-c COUNT] key [key...]',
  description: 'Get value stored under key',
  options: [
    namespaceOption(),
    { name: 'raw', key: 'r', help: 'Interpret value(s) as raw data' },
    { name: 'treeobj', key: 't', help: 'Show RFC 11 object' },
    snapshotOption,
    { name: 'label', key: 'l', help: 'Print key= before value' },
    { name: 'waitcreate', key: 'W', help: 'Wait for creation to occur on watch' },
    { name: 'watch', key: 'w', help: 'Monitor key writes' },
    { name: 'uniq', key: 'u', help: 'Only monitor key writes if values have changed' },
    { name: 'append', key: 'A', help: 'Only monitor key appends' },
    { name: 'full', key: 'f', help: 'Monitor key changes with more complete accuracy' },
    { name: 'count', key: 'c', takes: 'value', shown: 'COUNT', help: 'Display at most COUNT changes' },
    { name: 'stream', key: 'S', help: 'Return potentially large values in multiple responses.' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length === 0) options.failWithUsage();
  const left = { count: options.integer('count') || Number.POSITIVE_INFINITY };
  await withBroker(async (flux) => {
    const get = (key: string) =>
      getOne(flux, checkedKey(key), options, left).catch((error: unknown) => {
        if (error instanceof FluxError && error.code === 'ENODATA') return;
        failureOf(key, error);
      });
    if (options.has('watch')) await Promise.all(options.words.map(get));
    else for (const key of options.words) await get(key);
  });
  return 0;
}

async function getOne(flux: Flux, key: string, options: COptions, left: { count: number }): Promise<void> {
  const flags = flagsOf(options);
  const at = snapshotOf(options, key);
  const where = namespaceOf(options);
  const isStream = options.has('stream') && !options.has('watch');
  if (at !== undefined || !(options.has('watch') || isStream)) {
    const object = await kvsLookup(flux, key, flags, { ...where, ...(at === undefined ? {} : { at }) });
    show(key, object, options);
    return;
  }
  let shown = false;
  for await (const object of kvsLookups(flux, key, flags, where)) {
    show(key, object, options, isStream);
    shown = true;
    if (options.has('watch') && --left.count <= 0) return;
  }
  if (isStream && shown && !options.has('raw') && !options.has('treeobj')) process.stdout.write('\n');
}

function flagsOf(options: COptions): number {
  const watch = options.has('watch');
  const flags = {
    [kvsLookupFlag.treeObject]: options.has('treeobj'),
    [kvsLookupFlag.watch]: watch,
    [kvsLookupFlag.watchFull]: watch && options.has('full'),
    [kvsLookupFlag.watchUniq]: watch && options.has('uniq'),
    [kvsLookupFlag.watchAppend]: watch && options.has('append'),
    [kvsLookupFlag.waitCreate]: options.has('waitcreate'),
    [kvsLookupFlag.stream]: options.has('stream'),
  };
  return Object.entries(flags).reduce((sum, [flag, isSet]) => sum | (isSet ? Number(flag) : 0), 0);
}

/** @throws CommandError when it is no value */
function show(key: string, object: TreeObject, options: COptions, isPart = false): void {
  const label = options.has('label') ? `${key}=` : '';
  if (options.has('treeobj')) {
    process.stdout.write(`${label}${canonicalTreeText(object)}\n`);
    return;
  }
  if (object.type !== 'val') throw new CommandError(`${key}: Invalid argument`);
  const bytes = kvsValue(object);
  if (options.has('raw')) {
    process.stdout.write(Buffer.concat([Buffer.from(label), bytes]));
    return;
  }
  if (bytes.length === 0) {
    if (label) process.stdout.write(label);
    return;
  }
  // Text ends at a NUL.
  const end = bytes.indexOf(0);
  process.stdout.write(
    `${label}${bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8')}${isPart ? '' : '\n'}`,
  );
}
