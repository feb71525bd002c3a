// One namespace: its tree, its number of changes, and who waits for the next.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import type { BlobStore } from '../content/blob-store.ts';
import type { Directory } from './entries.ts';
import { KvsTree } from './tree.ts';

export const primary = 'primary';

/** Called after each change, and once when the namespace is gone. */
export type ChangeListener = (change: 'changed' | 'removed') => void;

export class Namespace {
  readonly name: string;
  readonly owner: number;
  readonly flags: number;
  readonly tree: KvsTree;
  sequence: number;
  // By the key they want to hear of; undefined: of every change.
  readonly #listeners = new Map<string | undefined, Set<ChangeListener>>();
  #versionWaiters: Request[] = [];

  constructor(name: string, owner: number, flags: number, store: BlobStore, root: Directory, sequence = 0) {
    this.name = name;
    this.owner = owner;
    this.flags = flags;
    this.tree = new KvsTree(store, root);
    this.sequence = sequence;
  }

  /** @throws FluxError EPERM for a guest who does not own it */
  authorize(request: Request): void {
    if (request.rolemask & Role.Owner) return;
    if (request.rolemask & Role.User && request.userid === this.owner) return;
    throw new FluxError('EPERM');
  }

  /** Calls back after each commit that names `key`, or after every commit; returns the way to stop it. */
  onChange(listener: ChangeListener, key?: string): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) this.#listeners.delete(key);
    };
  }

  /** Tells of a change that has been made; `keys` as {@link normalizeKey} writes them. */
  changed(keys: Iterable<string>): void {
    if (this.#listeners.size > 0) {
      for (const key of keys) this.#tell(key, 'changed');
      this.#tell(undefined, 'changed');
    }
    if (this.#versionWaiters.length === 0) return;
    const ready = this.#versionWaiters.filter((request) => this.#hasReached(request));
    this.#versionWaiters = this.#versionWaiters.filter((request) => !ready.includes(request));
    for (const request of ready) this.answerVersion(request);
  }

  waitVersion(request: Request): void {
    if (this.#hasReached(request)) this.answerVersion(request);
    else this.#versionWaiters.push(request);
  }

  answerVersion(request: Request): void {
    request.respond({ rootseq: this.sequence, rootref: this.tree.settle() });
  }

  get versionWaiters(): number {
    return this.#versionWaiters.length;
  }

  forget(sender: string): void {
    this.#versionWaiters = this.#versionWaiters.filter((request) => request.sender !== sender);
  }

  /** The namespace is gone: those who wait get ENOTSUP. */
  remove(): void {
    for (const key of [...this.#listeners.keys()]) this.#tell(key, 'removed');
    this.#listeners.clear();
    for (const request of this.#versionWaiters) request.respondError('ENOTSUP');
    this.#versionWaiters = [];
  }

  #tell(key: string | undefined, change: 'changed' | 'removed'): void {
    for (const listener of [...(this.#listeners.get(key) ?? [])]) listener(change);
  }

  #hasReached(request: Request): boolean {
    return this.sequence >= request.json<{ rootseq: number }>().rootseq;
  }
}
