/** `flux kvs dir`: keys and values below a directory. */
import { type Flux, kvsLookup, kvsValue } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { keyLine, widthOf, widthOption } from '../../kvs/columns.ts';
import { entriesOf, isDirectory, type Where } from '../../kvs/entries.ts';
import { checkedKey, keyWithin } from '../../kvs/keys.ts';
import { namespaceOf, namespaceOption } from '../../kvs/options.ts';
import { snapshotOf, snapshotOption } from '../../kvs/snapshot.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs dir',
  usage: '[-N ns] [-R] [-d] [-w COLS] [-a treeobj] [key]',
  description: 'Display all keys under directory',
  options: [
    namespaceOption(),
    { name: 'recursive', key: 'R', help: 'Recursively display keys under subdirectories' },
    { name: 'directory', key: 'd', help: 'List directory entries and not values' },
    widthOption,
    snapshotOption,
  ],
};

interface View {
  readonly width: number;
  readonly recursive: boolean;
  readonly keysOnly: boolean;
}

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  const view = {
    width: widthOf(options),
    recursive: options.has('recursive'),
    keysOnly: options.has('directory'),
  };
  const [key = '.', ...more] = options.words;
  if (more.length > 0) throw new CommandError('dir: specify zero or one directory');
  await withBroker(async (flux) => {
    const at = snapshotOf(options, checkedKey(key));
    await show(flux, key, { ...namespaceOf(options), ...(at === undefined ? {} : { at }) }, view);
  });
  return 0;
}

async function show(flux: Flux, directory: string, where: Where, view: View): Promise<void> {
  for (const [name, object] of await entriesOf(flux, directory, where)) {
    const key = keyWithin(directory, name);
    if (object.type === 'symlink') {
      const { target, namespace } = object.data;
      process.stdout.write(`${key} -> ${namespace === undefined ? '' : `${namespace}::`}${target}\n`);
    } else if (isDirectory(object)) {
      const isShown = view.recursive && (await entriesOf(flux, key, where)).length > 0;
      if (isShown) await show(flux, key, where, view);
      else process.stdout.write(`${key}.\n`);
    } else if (view.keysOnly) {
      process.stdout.write(`${key}\n`);
    } else {
      const value = await kvsLookup(flux, key, 0, where).catch((error: unknown) => failureOf(key, error));
      const text = kvsValue(value).toString('utf8').split('\0', 1)[0]!;
      process.stdout.write(keyLine(key, text, view.width));
    }
  }
}
