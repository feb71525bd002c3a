// The live tree of one namespace and what a commit does to it (RFC 16; flux-core kvs/kvstxn.c). A commit takes effect
// whole or not at all.
import { FluxError } from '@ebb/flux-client';
import { parseTreeObject, type TreeObject } from '@ebb/flux-formats';
import type { BlobStore } from '../content/blob-store.ts';
import { Directory, type Entry, entryOf, Link, Value } from './entries.ts';
import { normalizeKey, pathOf } from './key.ts';

export const OperationFlag = { append: 32 } as const;

/** One change: `dirent` null removes the key. */
export interface Operation {
  key: string;
  flags: number;
  dirent: TreeObject | null;
}

/** A link may lead to a link so often. */
export const mostLinks = 10;

interface Change {
  directory: Directory;
  name: string;
  before: Entry | undefined;
}

export class KvsTree {
  readonly #store: BlobStore;
  root: Directory;

  constructor(store: BlobStore, root: Directory = Directory.empty()) {
    this.#store = store;
    this.root = root;
  }

  /** Stores what changed; resolves to the root's reference. */
  settle(): string {
    return this.root.settle(this.#store);
  }

  /**
   * Applies all operations in order, and returns the way to undo them before anything else changes.
   * @throws FluxError and leaves the tree as it was: EINVAL for the root as key, EPROTO for what is no tree object, EISDIR
   * and EOPNOTSUPP for appending to a directory or link, ELOOP
   */
  apply(operations: readonly Operation[]): () => void {
    const done: Change[] = [];
    const undo = () => {
      for (const { directory, name, before } of done.reverse()) {
        const entries = directory.entries(this.#store);
        if (before === undefined) entries.delete(name);
        else entries.set(name, before);
      }
    };
    try {
      for (const operation of operations) this.#applyOne(operation, done);
    } catch (error) {
      undo();
      throw error;
    }
    return undo;
  }

  #applyOne({ key, flags, dirent }: Operation, done: Change[]): void {
    if (typeof key !== 'string') throw new FluxError('EPROTO', 'key must be a string');
    const path = pathOf(key);
    if (path.length === 0) throw new FluxError('EINVAL');
    const found = this.#parent(path, dirent !== null, done);
    if (!found) return;
    const { directory, name } = found;
    const entries = directory.entries(this.#store);
    const before = entries.get(name);
    if (dirent === null) {
      if (before === undefined) return;
      this.#set(directory, name, undefined, done);
      return;
    }
    const entry = this.#entry(dirent);
    if ((flags & OperationFlag.append) === 0) this.#set(directory, name, entry, done);
    else this.#set(directory, name, appended(before, entry), done);
  }

  #entry(dirent: TreeObject): Entry {
    try {
      return entryOf(parseTreeObject(dirent));
    } catch (error) {
      throw new FluxError('EPROTO', (error as Error).message);
    }
  }

  /**
   * The directory that holds the last component, made on the way when `create` is set; undefined when it is not there.
   * Every directory on the way is marked as changed.
   */
  #parent(
    path: readonly string[],
    create: boolean,
    done: Change[],
    links = 0,
  ): { directory: Directory; name: string } | undefined {
    let directory = this.root;
    const way = [directory];
    for (const [index, name] of path.slice(0, -1).entries()) {
      const entry = directory.entries(this.#store).get(name);
      if (entry instanceof Link) {
        if (entry.namespace !== undefined) throw new FluxError('EINVAL', `${name} leads to another namespace`);
        if (links >= mostLinks) throw new FluxError('ELOOP');
        return this.#parent([...pathOf(entry.target), ...path.slice(index + 1)], create, done, links + 1);
      }
      if (entry instanceof Directory) directory = entry;
      else {
        if (!create) return undefined;
        const made = Directory.empty();
        this.#set(directory, name, made, done);
        directory = made;
      }
      way.push(directory);
    }
    for (const each of way) {
      each.entries(this.#store);
      each.ref = undefined;
    }
    return { directory, name: path.at(-1)! };
  }

  #set(directory: Directory, name: string, entry: Entry | undefined, done: Change[]): void {
    const entries = directory.entries(this.#store);
    done.push({ directory, name, before: entries.get(name) });
    directory.ref = undefined;
    if (entry === undefined) entries.delete(name);
    else entries.set(name, entry);
  }
}

function appended(before: Entry | undefined, entry: Entry): Entry {
  if (!(entry instanceof Value)) throw new FluxError('EPROTO', 'only a value can be appended');
  if (before === undefined) return entry;
  if (before instanceof Directory) throw new FluxError('EISDIR');
  if (before instanceof Link) throw new FluxError('EOPNOTSUPP');
  return before.append(entry.pieces);
}

/** The keys of a commit as watchers know them. */
export function keysOf(operations: readonly Operation[]): string[] {
  return [...new Set(operations.map(({ key }) => normalizeKey(key)))];
}
