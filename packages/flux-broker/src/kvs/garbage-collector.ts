// Removes blobs that no root leads to. It runs by itself once enough has come since the last time; `flux gc` does the
// same from outside.
import { parseTreeObject, type TreeObject } from '@ebb/flux-formats';
import type { BlobStore } from '../content/blob-store.ts';

/** Directories that are read before others get their turn. */
const directoriesPerTurn = 100;
/** Blobs that are looked at, and removed, in one turn of a sweep. */
const sweepLimits = { window: 20_000, deletions: 2000 };

export interface CollectorOptions {
  store: BlobStore;
  /** The roots of all namespaces and checkpoints. */
  roots(): Iterable<string>;
  /** Puts a checkpoint on record, so that nothing older is needed to start from. */
  checkpoint(): Promise<void>;
  /** It runs when so many bytes came since the last time. */
  everyBytes: number;
}

export class GarbageCollector {
  readonly #options: CollectorOptions;
  // The epoch that the last run marked with. What it marked, or what came since, is left alone: somebody may hold a root
  // of that time.
  #lastHorizon: number | undefined;
  #bytesAtLast = 0;
  #running: Promise<number> | undefined;
  #isStopped = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  get isDue(): boolean {
    return !this.#running && this.#options.store.bytesStored - this.#bytesAtLast > this.#options.everyBytes;
  }

  /** Resolves to the number of blobs that it removed; two runs of which one began before the other ended are one. */
  collect(): Promise<number> {
    this.#running ??= this.#collect().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when no run is under way; a run that is ends early. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running?.catch(() => {});
  }

  async #collect(): Promise<number> {
    const { store, roots, checkpoint } = this.#options;
    this.#bytesAtLast = store.bytesStored;
    // What is stored from now on bears this epoch.
    await checkpoint();
    const horizon = store.epoch;
    await this.#mark([...roots()], horizon);
    const before = this.#lastHorizon;
    this.#lastHorizon = horizon;
    if (before === undefined || this.#isStopped) return 0;
    await store.beforeSweep?.();
    let removed = 0;
    for (let cursor = 0; cursor < store.lastCursor && !this.#isStopped; await turn()) {
      const { deleted, cursor: next } = store.sweep(before, cursor, sweepLimits);
      removed += deleted;
      cursor = next;
    }
    return removed;
  }

  async #mark(roots: readonly string[], epoch: number): Promise<void> {
    const seen = new Set<string>();
    const waiting = [...roots];
    for (let count = 1; ; count++) {
      const ref = waiting.pop();
      if (ref === undefined || this.#isStopped) return;
      if (seen.has(ref)) continue;
      seen.add(ref);
      this.#options.store.mark(ref, epoch);
      const blob = this.#options.store.load(ref);
      if (blob) this.#markMembers(parseTreeObject(JSON.parse(blob.toString('utf8'))), epoch, waiting);
      if (count % directoriesPerTurn === 0) await turn();
    }
  }

  #markMembers(object: TreeObject, epoch: number, waiting: string[]): void {
    if (object.type === 'dirref') waiting.push(...object.data);
    if (object.type === 'valref') for (const ref of object.data) this.#options.store.mark(ref, epoch);
    if (object.type !== 'dir') return;
    for (const member of Object.values(object.data)) this.#markMembers(member, epoch, waiting);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
