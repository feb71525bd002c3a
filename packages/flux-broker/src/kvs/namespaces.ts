// The namespaces of an instance. The modules kvs and kvs-watch of rank 0 share them, so that a watcher learns of a
// change without a message.
import { FluxError } from '@ebb/flux-client';
import type { BlobStore } from '../content/blob-store.ts';
import type { Attributes } from '../module.ts';
import { Directory } from './entries.ts';
import type { LookupContext } from './lookup.ts';
import { Namespace, primary } from './namespace.ts';

export class Namespaces {
  readonly store: BlobStore;
  readonly #all = new Map<string, Namespace>();
  readonly #creationListeners = new Set<(namespace: Namespace) => void>();

  constructor(store: BlobStore, primaryNamespace: Namespace) {
    this.store = store;
    this.#all.set(primary, primaryNamespace);
  }

  find(name: string): Namespace | undefined {
    return this.#all.get(name);
  }

  /** Calls back with each namespace that is made; returns the way to stop it. */
  onCreate(listener: (namespace: Namespace) => void): () => void {
    this.#creationListeners.add(listener);
    return () => this.#creationListeners.delete(listener);
  }

  /** @throws FluxError ENOTSUP when there is none of that name */
  get(name: string): Namespace {
    const found = this.#all.get(name);
    if (!found) throw new FluxError('ENOTSUP');
    return found;
  }

  /** @throws FluxError EEXIST */
  create(name: string, owner: number, flags: number, rootref: string | undefined): Namespace {
    if (this.#all.has(name)) throw new FluxError('EEXIST');
    const root = rootref === undefined ? Directory.empty() : new Directory(undefined, rootref);
    const namespace = new Namespace(name, owner, flags, this.store, root);
    this.#all.set(name, namespace);
    for (const listener of this.#creationListeners) listener(namespace);
    return namespace;
  }

  /** False when there was none. @throws FluxError ENOTSUP for the primary one */
  remove(name: string): boolean {
    if (name.toLowerCase() === primary) throw new FluxError('ENOTSUP');
    const found = this.#all.get(name);
    if (!found) return false;
    this.#all.delete(name);
    found.remove();
    return true;
  }

  /** The module ends: nobody hears of these namespaces any more. */
  close(): void {
    for (const namespace of this.#all.values()) namespace.remove();
    this.#all.clear();
  }

  list(): Namespace[] {
    return [...this.#all.values()];
  }

  /** For lookups: links into other namespaces are open to `mayRead` alone. */
  context(mayRead: (namespace: Namespace) => void): LookupContext {
    return {
      store: this.store,
      rootOf: (name) => {
        const namespace = this.get(name);
        mayRead(namespace);
        return namespace.tree.root;
      },
    };
  }
}

const shared = new WeakMap<Attributes, Namespaces>();

/** Makes them known to the other modules of this broker; `undefined`: they are gone. */
export function shareNamespaces(attributes: Attributes, namespaces: Namespaces | undefined): void {
  if (namespaces) shared.set(attributes, namespaces);
  else shared.delete(attributes);
}

/** Those of this broker. @throws FluxError ENOSYS when the module kvs is not loaded */
export function sharedNamespaces(attributes: Attributes): Namespaces {
  const namespaces = shared.get(attributes);
  if (!namespaces) throw new FluxError('ENOSYS', 'the module kvs is not loaded on this broker');
  return namespaces;
}
