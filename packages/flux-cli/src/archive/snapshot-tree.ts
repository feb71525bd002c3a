/** Entries of an archive as a tree, and the tree as objects in the content store. */
import { canonicalTreeText, directoryObject, symlinkObject, type TreeObject, valueObject } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import type { Content } from './content.ts';
import type { SnapshotEntry } from './entry.ts';

/** Values as long or longer are blobs of their own (flux-core: BLOBREF_MAX_STRING_SIZE). */
const longestInline = 72;

export class SnapshotTree {
  readonly #content: Content;
  readonly #root = directoryObject();
  /** Objects stored. */
  blobs = 0;

  constructor(content: Content) {
    this.#content = content;
  }

  /** @throws CommandError when a file stands where a directory should */
  async add(entry: SnapshotEntry): Promise<void> {
    this.#insert(entry.path, entry.type === 'link' ? linkObject(entry.target) : await this.#value(entry.data));
  }

  /** Stores all directories, those below first. Resolves with the reference of the root. */
  async store(): Promise<string> {
    return this.#storeDirectory(this.#root);
  }

  async #value(data: Buffer): Promise<TreeObject> {
    if (data.length < longestInline) return valueObject(data);
    this.blobs += 1;
    return { ver: 1, type: 'valref', data: [await this.#content.store(data)] };
  }

  #insert(path: string, object: TreeObject): void {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    const last = names.pop();
    if (last === undefined) throw new CommandError(`${path}: no key`);
    let directory = this.#root;
    for (const name of names) {
      const there = Object.hasOwn(directory.data, name) ? directory.data[name] : undefined;
      if (there && there.type !== 'dir') throw new CommandError(`${name} in ${path} is not a directory`);
      const below = there ?? directoryObject();
      directory.data[name] = below;
      directory = below as typeof directory;
    }
    directory.data[last] = object;
  }

  async #storeDirectory(directory: ReturnType<typeof directoryObject>): Promise<string> {
    for (const [name, object] of Object.entries(directory.data)) {
      if (object.type !== 'dir') continue;
      directory.data[name] = { ver: 1, type: 'dirref', data: [await this.#storeDirectory(object)] };
    }
    this.blobs += 1;
    return this.#content.store(Buffer.from(canonicalTreeText(directory)));
  }
}

/** `NAMESPACE::TARGET`, or the target alone. */
function linkObject(text: string): TreeObject {
  const colons = text.indexOf('::');
  return colons < 0 ? symlinkObject(text) : symlinkObject(text.slice(colons + 2), text.slice(0, colons));
}
