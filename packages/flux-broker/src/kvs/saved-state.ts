// How the primary namespace outlives the broker: checkpoints name a root whose blobs are in the content store, and the
// journal holds the commits since.
import { parseJson, type TreeObject } from '@ebb/flux-formats';
import type { Clock } from '../clock.ts';
import type { BlobStore } from '../content/blob-store.ts';
import { Directory } from './entries.ts';
import { Journal, RecordKind } from './journal.ts';
import type { Namespace } from './namespace.ts';
import type { Operation } from './tree.ts';

/** A journal of so many bytes asks for a checkpoint. Reading it again takes about a second. */
const longestJournal = 16 << 20;
/** Commits are safe from the end of the machine, too, after so many milliseconds. */
const syncDelayMs = 1000;

export interface SavedStateOptions {
  store: BlobStore;
  /** Where the journal lies; undefined: nothing outlives the broker. */
  folder: string | undefined;
  clock: Clock;
  /** Told of what fails while nobody waits for it. */
  onError(error: Error): void;
}

interface LastRoot {
  root: Directory;
  sequence: number;
  /** Of the checkpoint, in seconds since 1970. */
  timestamp: number | undefined;
}

// Trees in memory whose module was removed, for when it is loaded again.
const parked = new WeakMap<BlobStore, LastRoot>();

export class SavedState {
  readonly #options: SavedStateOptions;
  readonly #journal: Journal | undefined;
  #namespace!: Namespace;
  #running: Promise<void> | undefined;
  #syncIsDue = false;

  constructor(options: SavedStateOptions) {
    this.#options = options;
    this.#journal = options.folder === undefined ? undefined : new Journal(options.folder);
  }

  get store(): BlobStore {
    return this.#options.store;
  }

  /** The root to start from: where the module left off, that of the last checkpoint, or an empty one. */
  lastRoot(): LastRoot {
    const left = parked.get(this.#options.store);
    if (left) return left;
    const [checkpoint] = this.#options.store.checkpoints();
    if (!checkpoint) return { root: Directory.empty(), sequence: 0, timestamp: undefined };
    const { rootref, sequence, timestamp } = checkpoint;
    return { root: new Directory(undefined, rootref), sequence, timestamp };
  }

  /**
   * Repeats on `namespace`, which stands at the last root, what was committed after it, and saves it from now on.
   * Resolves to the number of commits.
   * @throws Error when the journal has a gap
   */
  async resume(namespace: Namespace): Promise<number> {
    this.#namespace = namespace;
    const journal = this.#journal;
    if (!journal) return 0;
    const first = namespace.sequence;
    for (const { kind, sequence, payload } of journal.recordsAfter(first, namespace.tree.settle())) {
      if (kind === RecordKind.blob) this.#options.store.store(payload);
      if (kind !== RecordKind.commit) continue;
      namespace.tree.apply(operationsOf(payload));
      namespace.sequence = sequence;
    }
    const count = namespace.sequence - first;
    if (count > 0) await this.checkpoint();
    else journal.begin(first, namespace.tree.settle());
    journal.dropBefore(namespace.sequence);
    journal.dropAfter(namespace.sequence);
    return count;
  }

  /** Puts a commit on record, before it is answered. @throws FluxError ENOSPC and the like */
  record(sequence: number, payload: Uint8Array, operations: readonly Operation[]): void {
    const journal = this.#journal;
    if (!journal) return;
    if (operations.some(({ dirent }) => dirent && mayRefer(dirent))) {
      for (const blob of this.#options.store.takeUnsafe()) journal.append(RecordKind.blob, sequence - 1, blob);
    }
    journal.append(RecordKind.commit, sequence, payload);
    if (!this.#syncIsDue) {
      this.#syncIsDue = true;
      this.#options.clock.after(syncDelayMs, () => {
        this.#syncIsDue = false;
        journal.sync().catch(this.#options.onError);
      });
    }
    if (journal.size > longestJournal && !this.#running) this.checkpoint().catch(this.#options.onError);
  }

  /** Resolves once a checkpoint holds all that has been committed before this call. */
  async checkpoint(): Promise<void> {
    while (this.#running) await this.#running;
    const [last] = this.#options.store.checkpoints();
    const { tree, sequence } = this.#namespace;
    if (last?.sequence === sequence && last.rootref === tree.settle()) return;
    this.#running = this.#checkpoint().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #checkpoint(): Promise<void> {
    const { store, clock } = this.#options;
    const { tree, sequence } = this.#namespace;
    const rootref = tree.settle();
    this.#journal?.begin(sequence, rootref);
    store.putCheckpoint({ version: 1, rootref, sequence, timestamp: clock.now() / 1000 });
    await store.committed();
    this.#journal?.dropBefore(sequence);
    // What lies in the store need not lie in memory as well.
    tree.root.unload();
  }

  /** The last checkpoint, where it outlives the broker. */
  async close(): Promise<void> {
    const { store } = this.#options;
    const { tree, sequence } = this.#namespace;
    if (store.isPersistent) await this.checkpoint();
    else parked.set(store, { root: tree.root, sequence, timestamp: undefined });
    this.#journal?.close();
  }
}

function operationsOf(payload: Buffer): Operation[] {
  // A payload in JSON ends with a NUL.
  const text = payload.subarray(0, payload.at(-1) === 0 ? -1 : undefined).toString();
  return (parseJson(text) as { ops: Operation[] }).ops;
}

/** Whether it may name blobs that were stored a moment ago. */
function mayRefer(dirent: TreeObject): boolean {
  return dirent.type !== 'val' && dirent.type !== 'symlink';
}
