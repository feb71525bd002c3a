// One namespace: its tree, its number of changes, and who waits for the next.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import type { BlobStore } from '../content/blob-store.ts';
import type { Directory } from './entries.ts';
import { KvsTree } from './tree.ts';

export const primary = 'primary';

/** Called after each change, with the keys that changed; `undefined`: the namespace is gone. */
export type ChangeListener = (keys: ReadonlySet<string> | undefined) => void;

export class Namespace {
  readonly name: string;
  readonly owner: number;
  readonly flags: number;
  readonly tree: KvsTree;
  sequence: number;
  readonly #listeners = new Set<ChangeListener>();
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

  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells of a change that has been made. */
  changed(keys: ReadonlySet<string>): void {
    for (const listener of [...this.#listeners]) listener(keys);
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

  forget(sender: string): void {
    this.#versionWaiters = this.#versionWaiters.filter((request) => request.sender !== sender);
  }

  /** The namespace is gone: those who wait get ENOTSUP. */
  remove(): void {
    for (const listener of [...this.#listeners]) listener(undefined);
    this.#listeners.clear();
    for (const request of this.#versionWaiters) request.respondError('ENOTSUP');
    this.#versionWaiters = [];
  }

  #hasReached(request: Request): boolean {
    return this.sequence >= request.json<{ rootseq: number }>().rootseq;
  }
}
