/** `flux kvs ls`: names in directories. */
import { type Flux, FluxError, kvsLookup, kvsTreeObject } from '@ebb/flux-client';
import { strerror } from '@ebb/flux-formats';
import { inColumns, widthOf, widthOption } from '../../kvs/columns.ts';
import { type Entry, entriesOf, isDirectory, type Where } from '../../kvs/entries.ts';
import { checkedKey, keyWithin } from '../../kvs/keys.ts';
import { namespaceOf, namespaceOption } from '../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-kvs ls',
  usage: '[-N ns] [-R] [-d] [-F] [-w COLS] [-1] [key...]',
  description: 'List directory',
  options: [
    namespaceOption(),
    { name: 'recursive', key: 'R', help: 'List directory recursively' },
    { name: 'directory', key: 'd', help: 'List directory instead of contents' },
    widthOption,
    { name: '1', key: '1', help: 'Force one entry per line' },
    { name: 'classify', key: 'F', help: 'Append indicator (one of .@) to entries' },
  ],
};

/** Where a key of the command line goes: its name is printed, or what is in it; `undefined`: neither, an error was told. */
type Place = { readonly list: 'single' | 'directory'; readonly name: string } | undefined;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  const width = options.has('1') ? 1 : widthOf(options);
  const where = namespaceOf(options);
  return withBroker(async (flux) => {
    const keys = options.words.length > 0 ? options.words : ['.'];
    const places: Place[] = [];
    for (const key of keys) places.push(await placeOf(flux, checkedKey(key, 'flux_kvs_lookup'), where, options));
    const named = (list: 'single' | 'directory') =>
      places.flatMap((place) => (place?.list === list ? [place.name] : [])).sort(byBytes);
    const [singles, directories] = [named('single'), named('directory')];
    if (singles.length > 0) process.stdout.write(inColumns(singles, width));
    const isLabelled = singles.length > 0 || options.has('recursive') || directories.length > 1;
    const lister = new Lister(flux, where, { width, isLabelled, options }, singles.length > 0);
    for (const directory of directories) await lister.list(directory);
    return places.includes(undefined) ? 1 : 0;
  });
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function placeOf(flux: Flux, key: string, where: Where, options: COptions): Promise<Place> {
  const name = key.replace(/(?<=.)\.+$/, '');
  const fail = (text: string): undefined => {
    process.stderr.write(`${name}: ${text}\n`);
  };
  let object: Awaited<ReturnType<typeof kvsTreeObject>>;
  try {
    object = await kvsTreeObject(flux, name, where);
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    return fail(strerror(error.errno));
  }
  const classify = options.has('classify');
  if (isDirectory(object)) {
    if (!options.has('directory')) return { list: 'directory', name };
    return { list: 'single', name: classify ? `${name}.` : name };
  }
  if (name !== key) return fail('Not a directory');
  if (object.type !== 'symlink') return { list: 'single', name };
  if (classify) return { list: 'single', name: `${name}@` };
  if (options.has('directory')) return { list: 'single', name };
  return { list: (await leadsToDirectory(flux, name, where)) ? 'directory' : 'single', name };
}

async function leadsToDirectory(flux: Flux, key: string, where: Where): Promise<boolean> {
  try {
    await kvsLookup(flux, key, 0, where);
    return false;
  } catch (error) {
    if (error instanceof FluxError && error.code === 'EISDIR') return true;
    if (error instanceof FluxError && error.code === 'ENOENT') return false;
    return failureOf(key, error);
  }
}

/** Prints directories one after the other, with an empty line between those that have labels. */
class Lister {
  readonly #flux: Flux;
  readonly #where: Where;
  readonly #view: { width: number; isLabelled: boolean; options: COptions };
  #isFirst: boolean;

  constructor(
    flux: Flux,
    where: Where,
    view: { width: number; isLabelled: boolean; options: COptions },
    isAfterNames: boolean,
  ) {
    this.#flux = flux;
    this.#where = where;
    this.#view = view;
    this.#isFirst = !isAfterNames;
  }

  async list(key: string): Promise<void> {
    const { width, isLabelled, options } = this.#view;
    const entries = await entriesOf(this.#flux, key, this.#where);
    if (isLabelled) process.stdout.write(`${this.#isFirst ? '' : '\n'}${key}:\n`);
    this.#isFirst = false;
    const marks = options.has('classify') ? entries.map(markOf) : [];
    process.stdout.write(
      inColumns(
        entries.map(([name]) => name),
        width,
        marks,
      ),
    );
    if (!options.has('recursive')) return;
    for (const [name, object] of entries) if (isDirectory(object)) await this.list(keyWithin(key, name));
  }
}

function markOf([, object]: Entry): string {
  if (isDirectory(object)) return '.';
  return object.type === 'symlink' ? '@' : '';
}
