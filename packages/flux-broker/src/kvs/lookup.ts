// Finding what stands under a key (flux-core kvs/lookup.c): links are followed, also into other namespaces.
import { FluxError } from '@ebb/flux-client';
import { type TreeObject, valueObject } from '@ebb/flux-formats';
import type { BlobStore } from '../content/blob-store.ts';
import { Directory, type Entry, Link, settleEntry, Value } from './entries.ts';
import { normalizeKey, pathOf } from './key.ts';
import { mostLinks } from './tree.ts';

export const LookupFlag = {
  readDirectory: 1,
  readLink: 2,
  watch: 4,
  waitCreate: 8,
  treeObject: 16,
  watchFull: 64,
  watchUnique: 128,
  watchAppend: 256,
  stream: 512,
  initialSentinel: 1024,
} as const;

export interface LookupContext {
  store: BlobStore;
  /** The root of another namespace, where a link leads. @throws FluxError ENOTSUP, EPERM */
  rootOf(namespace: string): Directory;
}

/** Where a key was found: `replace` puts a changed value in its place. */
interface Place {
  entry: Entry;
  replace(value: Value): void;
}

/** The entry under a key; undefined when there is none. @throws FluxError ELOOP, ENOTSUP, ENOTDIR */
export function findEntry(context: LookupContext, root: Directory, key: string, flags: number): Entry | undefined {
  const path = pathOf(key);
  return path.length === 0 ? root : walk(context, root, path, flags, 0)?.entry;
}

/**
 * The object that answers a lookup; undefined when there is nothing under the key.
 * @throws FluxError EISDIR for a directory where a value was wanted, ENOTDIR, EINVAL for what is no link
 */
export function lookup(context: LookupContext, root: Directory, key: string, flags: number): TreeObject | undefined {
  const { store } = context;
  if (normalizeKey(key) === '.') {
    if (flags & LookupFlag.treeObject) return { ver: 1, type: 'dirref', data: [root.settle(store)] };
    if (!(flags & LookupFlag.readDirectory)) throw new FluxError('EISDIR');
    return root.object(store);
  }
  const place = walk(context, root, pathOf(key), flags, 0);
  if (!place) return undefined;
  const { entry } = place;
  if (flags & LookupFlag.treeObject) return settleEntry(entry, store, (value) => place.replace(value));
  if (entry instanceof Link) return entry.object;
  if (flags & LookupFlag.readLink) throw new FluxError('EINVAL');
  if (entry instanceof Directory) {
    if (!(flags & LookupFlag.readDirectory)) throw new FluxError('EISDIR');
    return entry.object(store);
  }
  if (flags & LookupFlag.readDirectory) throw new FluxError('ENOTDIR');
  return valueObject(entry.bytes(store));
}

function walk(
  context: LookupContext,
  root: Directory,
  path: readonly string[],
  flags: number,
  links: number,
): Place | undefined {
  let directory = root;
  for (const [index, name] of path.entries()) {
    const entries = directory.entries(context.store);
    const entry = entries.get(name);
    if (entry === undefined) return undefined;
    const isLast = index === path.length - 1;
    const keepsLink = isLast && (flags & (LookupFlag.readLink | LookupFlag.treeObject)) !== 0;
    if (entry instanceof Link && !keepsLink) {
      if (links >= mostLinks) throw new FluxError('ELOOP');
      const from = entry.namespace === undefined ? root : context.rootOf(entry.namespace);
      const target = [...pathOf(entry.target), ...path.slice(index + 1)];
      // A link to the root itself is the root's directory.
      if (target.length === 0) return { entry: from, replace: () => {} };
      return walk(context, from, target, flags, links + 1);
    }
    if (isLast) return { entry, replace: (value) => entries.set(name, value) };
    if (!(entry instanceof Directory)) {
      if (flags & LookupFlag.readDirectory && !(entry instanceof Value)) throw new FluxError('ENOTDIR');
      return undefined;
    }
    directory = entry;
  }
  return undefined;
}
