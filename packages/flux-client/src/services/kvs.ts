/** The key-value store. RFC 11; values are bytes, text as UTF-8. */
import {
  blobrefOf,
  canonicalTreeText,
  directoryObject,
  errnoNumber,
  isBlobHash,
  parseTreeObject,
  symlinkObject,
  type TreeObject,
  valueObject,
} from '@ebb/flux-formats';
import type { Flux, RpcOptions, StreamOptions } from '../flux.ts';
import { FluxError } from '../flux-error.ts';
import { unknownUser } from '../message.ts';

export const primaryNamespace = 'primary';

/** What a lookup is for, added up (flux-core: kvs.h). */
export const kvsLookupFlag = {
  readDir: 1,
  readLink: 2,
  watch: 4,
  waitCreate: 8,
  treeObject: 16,
  watchFull: 64,
  watchUniq: 128,
  watchAppend: 256,
  stream: 512,
} as const;
const lookupFlag = kvsLookupFlag;
const appendOperation = 32;
const commitFlag = { noMerge: 1, sync: 4 } as const;

export interface KvsOptions extends RpcOptions {
  /** Default: `primary`. */
  readonly namespace?: string | undefined;
}

/** The value of a key. @throws FluxError ENOENT, EISDIR */
export async function kvsGet(flux: Flux, key: string, options: KvsOptions = {}): Promise<Buffer> {
  return kvsValue(await kvsLookup(flux, key, 0, options));
}

/** The value of a key, undefined when there is none. */
export async function kvsFind(flux: Flux, key: string, options: KvsOptions = {}): Promise<Buffer | undefined> {
  try {
    return await kvsGet(flux, key, options);
  } catch (error) {
    if (error instanceof FluxError && error.errno === enoent) return undefined;
    throw error;
  }
}

/** The entries of a directory. @throws FluxError ENOENT, ENOTDIR */
export async function kvsDirectory(
  flux: Flux,
  key: string,
  options: KvsOptions = {},
): Promise<Map<string, TreeObject>> {
  const object = await kvsLookup(flux, key, lookupFlag.readDir, options);
  if (object.type !== 'dir') throw new FluxError('EPROTO', `${key}: a ${object.type} came for a directory`);
  return new Map(Object.entries(object.data));
}

/**
 * What is at a key, by the flags of {@link kvsLookupFlag} without `watch` and `stream`.
 * @param at a root as it is stored: the key is looked up in that snapshot
 */
export async function kvsLookup(
  flux: Flux,
  key: string,
  flags: number,
  options: KvsOptions & { readonly at?: unknown } = {},
): Promise<TreeObject> {
  const { namespace = primaryNamespace, at, ...rpc } = options;
  const topic = flags & lookupFlag.waitCreate && at === undefined ? 'kvs-watch.lookup' : 'kvs.lookup';
  const request = at === undefined ? { key, flags, namespace } : { key, flags, rootdir: at };
  const { val } = await flux.rpc<{ val: unknown }>(topic, request, rpc);
  return parseTreeObject(val);
}

/** Each answer of a lookup with `watch` or `stream` among its flags. Ends with the value, or the namespace. */
export async function* kvsLookups(
  flux: Flux,
  key: string,
  flags: number,
  options: KvsOptions & StreamOptions = {},
): AsyncGenerator<TreeObject> {
  const { namespace = primaryNamespace, ...stream } = options;
  for await (const { val } of flux.stream<{ val: unknown }>('kvs-watch.lookup', { key, flags, namespace }, stream)) {
    yield parseTreeObject(val);
  }
}

/** The object at a key as it is stored. */
export function kvsTreeObject(flux: Flux, key: string, options: KvsOptions = {}): Promise<TreeObject> {
  return kvsLookup(flux, key, lookupFlag.treeObject, options);
}

/** The bytes of a value. @throws FluxError EPROTO when the object is none */
export function kvsValue(object: TreeObject): Buffer {
  if (object.type !== 'val') throw new FluxError('EPROTO', `a ${object.type} came for a value`);
  return Buffer.from(object.data, 'base64');
}

/** Each value of a key, from now on. Ends with the namespace. */
export async function* kvsWatch(
  flux: Flux,
  key: string,
  options: KvsOptions & StreamOptions & { readonly waitCreate?: boolean } = {},
): AsyncGenerator<Buffer> {
  const { namespace = primaryNamespace, waitCreate, ...stream } = options;
  const flags = lookupFlag.watch | (waitCreate ? lookupFlag.waitCreate : 0);
  for await (const object of kvsLookups(flux, key, flags, { namespace, ...stream })) yield kvsValue(object);
}

export interface KvsRoot {
  readonly rootref: string;
  readonly rootseq: number;
}

/** Changes that are committed together, in the order in which they were added. */
export class KvsTransaction {
  readonly #operations: { key: string; flags: number; dirent: TreeObject | null }[] = [];

  put(key: string, value: string | Uint8Array): this {
    return this.putTreeObject(key, valueObject(value));
  }

  append(key: string, value: string | Uint8Array): this {
    this.#operations.push({ key, flags: appendOperation, dirent: valueObject(value) });
    return this;
  }

  putTreeObject(key: string, dirent: TreeObject): this {
    this.#operations.push({ key, flags: 0, dirent });
    return this;
  }

  makeDirectory(key: string): this {
    return this.putTreeObject(key, { ver: 1, type: 'dir', data: {} });
  }

  link(key: string, target: string, namespace?: string): this {
    return this.putTreeObject(key, symlinkObject(target, namespace));
  }

  unlink(key: string): this {
    this.#operations.push({ key, flags: 0, dirent: null });
    return this;
  }

  /**
   * As {@link commit}, for who has no use for the root: a broker of ours is spared hashing and storing what changed.
   * Resolves with the root's sequence.
   */
  async commitWithoutRoot(flux: Flux, options: KvsOptions = {}): Promise<number> {
    const { namespace = primaryNamespace, ...rpc } = options;
    const request = { namespace, flags: 0, ops: this.#operations, rootref: false };
    return (await flux.rpc<{ rootseq: number }>('kvs.commit', request, rpc)).rootseq;
  }

  /** Resolves with the root that holds the changes: with `noMerge` only these, with `sync` once a checkpoint names it. */
  commit(
    flux: Flux,
    options: KvsOptions & { readonly sync?: boolean; readonly noMerge?: boolean } = {},
  ): Promise<KvsRoot> {
    const { namespace = primaryNamespace, sync, noMerge, ...rpc } = options;
    const flags = (sync ? commitFlag.sync : 0) | (noMerge ? commitFlag.noMerge : 0);
    return flux.rpc('kvs.commit', { namespace, flags, ops: this.#operations }, rpc);
  }
}

/** The root once its sequence is at least `rootseq`. @throws FluxError EOPNOTSUPP when the namespace goes before */
export function kvsWaitVersion(flux: Flux, rootseq: number, options: KvsOptions = {}): Promise<KvsRoot> {
  const { namespace = primaryNamespace, ...rpc } = options;
  return flux.rpc('kvs.wait-version', { rootseq, namespace }, rpc);
}

export interface KvsNamespace {
  readonly namespace: string;
  readonly owner: number;
  readonly flags: number;
}

/**
 * Makes a namespace, empty or with the root `rootref`. Its `owner`, by default the instance's, is the one guest who may
 * use it.
 * @throws FluxError EEXIST
 */
export async function kvsCreateNamespace(
  flux: Flux,
  namespace: string,
  options: RpcOptions & { readonly owner?: number; readonly rootref?: string } = {},
): Promise<void> {
  const { owner = unknownUser, rootref, ...rpc } = options;
  const root = rootref ?? (await emptyRoot(flux, rpc));
  await flux.rpc('kvs.namespace-create', { namespace, rootref: root, owner, flags: 0 }, { nodeid: 0, ...rpc });
}

/** No error when there is none of that name. @throws FluxError EOPNOTSUPP for the primary one */
export async function kvsRemoveNamespace(flux: Flux, namespace: string, options: RpcOptions = {}): Promise<void> {
  await flux.rpc('kvs.namespace-remove', { namespace }, { nodeid: 0, ...options });
}

export async function kvsNamespaces(flux: Flux, options: RpcOptions = {}): Promise<KvsNamespace[]> {
  const { namespaces } = await flux.rpc<{ namespaces: KvsNamespace[] }>('kvs.namespace-list', undefined, options);
  return namespaces;
}

/** The reference of a directory without entries, in the hash of the instance. */
async function emptyRoot(flux: Flux, options: RpcOptions): Promise<string> {
  const { value } = await flux.rpc<{ value: string }>('attr.get', { name: 'content.hash' }, options);
  if (!isBlobHash(value)) throw new FluxError('EPROTO', `content.hash: ${value} is not known`);
  return blobrefOf(canonicalTreeText(directoryObject()), value);
}

/** The current root. */
export function kvsRoot(flux: Flux, options: KvsOptions = {}): Promise<KvsRoot & { readonly owner: number }> {
  const { namespace = primaryNamespace, ...rpc } = options;
  return flux.rpc('kvs.getroot', { namespace, flags: 0 }, rpc);
}

const enoent = errnoNumber('ENOENT');
