// What stands in the live tree of a namespace: directories, values and links, RFC 11. The tree is changed in place;
// what changed is hashed and stored only when somebody needs the reference of the root, or at a checkpoint.

import { FluxError } from '@ebb/flux-client';
import {
  type BlobHash,
  blobrefOf,
  type DirectoryObject,
  parseTreeObject,
  type SymlinkObject,
  type TreeObject,
  valueObject,
} from '@ebb/flux-formats';
import type { BlobStore } from '../content/blob-store.ts';

/** A value whose base64 is longer than this is kept as a blob of its own. */
const longestInline = 72;

export type Entry = Value | Link | Directory;

/** A value: pieces that follow each other, each either still bytes or already a blob. Never changed, but replaced. */
export class Value {
  // Values that grew from each other share one array, each with its own length: appending costs no copy.
  readonly #pieces: (Buffer | string)[];
  readonly length: number;

  constructor(pieces: (Buffer | string)[]) {
    this.#pieces = pieces;
    this.length = pieces.length;
  }

  get pieces(): readonly (Buffer | string)[] {
    return this.#pieces.length === this.length ? this.#pieces : this.#pieces.slice(0, this.length);
  }

  /** Whether it stands in its directory, and not in blobs of its own. */
  get isInline(): boolean {
    const [only] = this.#pieces;
    return this.length === 1 && only instanceof Buffer && base64Length(only.length) <= longestInline;
  }

  append(more: readonly (Buffer | string)[]): Value {
    const pieces = this.#pieces.length === this.length ? this.#pieces : this.#pieces.slice(0, this.length);
    pieces.push(...more);
    return new Value(pieces);
  }

  /** The bytes from piece `first` on, each as its own buffer. @throws FluxError ENOENT when a blob is missing */
  load(store: BlobStore, first = 0): Buffer[] {
    const pieces = this.#pieces.slice(first, this.length);
    return pieces.map((piece) => (typeof piece === 'string' ? loadBlob(store, piece) : piece));
  }

  /** @throws FluxError ENOENT when a blob is missing */
  bytes(store: BlobStore): Buffer {
    const pieces = this.load(store);
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** The value with every long piece in the store, and as an object. */
  settle(store: BlobStore): { value: Value; object: TreeObject } {
    if (this.isInline) return { value: this, object: valueObject(this.#pieces[0] as Buffer) };
    const refs = this.pieces.map((piece) => (typeof piece === 'string' ? piece : store.store(piece)));
    return { value: new Value(refs), object: { ver: 1, type: 'valref', data: refs } };
  }
}

export class Link {
  readonly target: string;
  readonly namespace: string | undefined;

  constructor(target: string, namespace: string | undefined) {
    this.target = target;
    this.namespace = namespace;
  }

  get object(): SymlinkObject {
    const { target, namespace } = this;
    return { ver: 1, type: 'symlink', data: namespace === undefined ? { target } : { target, namespace } };
  }
}

/** A directory. Its entries are read from the store when first asked for. */
export class Directory {
  /** Where it lies as it is now; undefined once it, or anything below, changed. */
  ref: string | undefined;
  #entries: Map<string, Entry> | undefined;

  constructor(entries: Map<string, Entry> | undefined, ref?: string) {
    this.#entries = entries;
    this.ref = ref;
  }

  static empty(): Directory {
    return new Directory(new Map());
  }

  /** The reference of a directory without entries. */
  static emptyRef(hash: BlobHash): string {
    return blobrefOf('{"data":{},"type":"dir","ver":1}', hash);
  }

  /** @throws FluxError ENOENT when its blob is missing */
  entries(store: BlobStore): Map<string, Entry> {
    this.#entries ??= readDirectory(store, this.ref!);
    return this.#entries;
  }

  /** The entries, where they are in memory. */
  get loaded(): ReadonlyMap<string, Entry> | undefined {
    return this.#entries;
  }

  /** Forgets entries that can be read again; those of a changed directory stay. */
  unload(): void {
    if (this.ref !== undefined) this.#entries = undefined;
    else for (const entry of this.#entries!.values()) if (entry instanceof Directory) entry.unload();
  }

  /** Stores it with all that is below, and resolves to its reference. */
  settle(store: BlobStore): string {
    if (this.ref === undefined) this.ref = store.store(Buffer.from(this.#text(store)));
    return this.ref;
  }

  /** The object with the entries in it; values and directories below are stored. */
  object(store: BlobStore): DirectoryObject {
    const data: Record<string, TreeObject> = {};
    for (const [name, entry] of this.entries(store)) {
      Object.defineProperty(data, name, {
        value: settleEntry(entry, store, () => {}),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return { ver: 1, type: 'dir', data };
  }

  // The canonical text of RFC 11, written directly: a directory may have tens of thousands of entries.
  #text(store: BlobStore): string {
    const entries = this.entries(store);
    const names = [...entries.keys()].sort(compareNames);
    const members = names.map((name) => {
      const object = settleEntry(entries.get(name)!, store, (value) => entries.set(name, value));
      return `${JSON.stringify(name)}:${entryText(object)}`;
    });
    return `{"data":{${members.join(',')}},"type":"dir","ver":1}`;
  }
}

/** The object of any entry; what of it is not in the store goes there. `replace` takes a value that has moved there. */
export function settleEntry(entry: Entry, store: BlobStore, replace: (value: Value) => void): TreeObject {
  if (entry instanceof Link) return entry.object;
  if (entry instanceof Directory) return { ver: 1, type: 'dirref', data: [entry.settle(store)] };
  const { value, object } = entry.settle(store);
  if (value !== entry) replace(value);
  return object;
}

/** @throws FluxError EPROTO when a value is no base64 */
export function entryOf(object: TreeObject): Entry {
  switch (object.type) {
    case 'val':
      return new Value([decodeBase64(object.data)]);
    case 'valref':
      return new Value([...object.data]);
    case 'symlink':
      return new Link(object.data.target, object.data.namespace);
    case 'dirref':
      return new Directory(undefined, object.data[0]);
    case 'dir':
      return new Directory(new Map(Object.entries(object.data).map(([name, member]) => [name, entryOf(member)])));
  }
}

function entryText(object: TreeObject): string {
  if (object.type !== 'symlink') return `{"data":${JSON.stringify(object.data)},"type":"${object.type}","ver":1}`;
  const { target, namespace } = object.data;
  const data = `${namespace === undefined ? '' : `"namespace":${JSON.stringify(namespace)},`}"target":${JSON.stringify(target)}`;
  return `{"data":{${data}},"type":"symlink","ver":1}`;
}

function readDirectory(store: BlobStore, ref: string): Map<string, Entry> {
  const object = parseTreeObject(JSON.parse(loadBlob(store, ref).toString('utf8')));
  if (object.type !== 'dir') throw new FluxError('EINVAL', `${ref} is a ${object.type} where a directory should be`);
  const entries = new Map<string, Entry>();
  for (const [name, member] of Object.entries(object.data)) entries.set(name, entryOf(member));
  return entries;
}

function loadBlob(store: BlobStore, ref: string): Buffer {
  const blob = store.load(ref);
  if (!blob) throw new FluxError('ENOENT', `${ref} is not in the content store`);
  return blob;
}

function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // What is no base64 is passed over in decoding.
  if (base64Length(bytes.length) !== text.length) throw new FluxError('EPROTO', 'data must be base64 with its padding');
  return bytes;
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function compareNames(a: string, b: string): number {
  // UTF-16 order is not the order of bytes beyond the basic plane.
  return isPlain(a) && isPlain(b) ? (a < b ? -1 : a > b ? 1 : 0) : Buffer.from(a).compare(Buffer.from(b));
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
