// The blob store on disk, in one LMDB environment: blobs under their digests, and checkpoints. Writes are gathered by LMDB
// and committed together, in the order in which they came.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BlobHash, blobDigest, parseBlobref, printBlobref } from '@ebb/flux-formats';
import type { Database, RootDatabase } from 'lmdb';
import {
  type BlobStore,
  type BlobStoreStatistics,
  type Checkpoint,
  checkpointsKept,
  type SweepLimits,
} from './blob-store.ts';

/** So many bytes of a digest make a cursor: what a number holds exactly. */
const cursorBytes = 6;

/** The stores that are open in this process, with their paths. */
const writers = new Map<LmdbBlobStore, string>();

export class LmdbBlobStore implements BlobStore {
  readonly hash: BlobHash;
  readonly isPersistent = true;
  readonly #root: RootDatabase;
  readonly #blobs: Database<Buffer, Buffer>;
  readonly #records: Database<Checkpoint[] | number, string>;
  // The epochs of the blobs, and those on their way to the disk.
  readonly #epochs: Database<number, Buffer>;
  readonly #newEpochs = new Map<string, number>();
  epoch: number;
  bytesStored = 0;
  readonly lastCursor = 2 ** (8 * cursorBytes);
  beforeSweep: (() => Promise<void>) | undefined;
  // Blobs on their way to the disk: LMDB shows them only once they are committed.
  readonly #writing = new Map<string, Buffer>();
  // Blobs on their way out: LMDB shows them until that is committed.
  readonly #leaving = new Set<string>();
  // Those being written that nobody took yet.
  readonly #unsafe = new Set<string>();
  #writesUnderWay = 0;
  #loads = 0;
  #known = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #newest: Checkpoint[] | undefined;

  private constructor(hash: BlobHash, root: RootDatabase) {
    this.hash = hash;
    this.#root = root;
    this.#blobs = root.openDB({ name: `blobs-${hash}`, keyEncoding: 'binary', encoding: 'binary' });
    this.#epochs = root.openDB({ name: `epochs-${hash}`, keyEncoding: 'binary', encoding: 'json' });
    this.#records = root.openDB({ name: 'records', encoding: 'json' });
    this.epoch = (this.#records.get('epoch') as number | undefined) ?? 0;
  }

  /** Opens or creates `path`. LMDB is loaded only here: brokers other than rank 0 never need it. */
  static async open(path: string, hash: BlobHash): Promise<LmdbBlobStore> {
    const { open } = await import('lmdb');
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await allWritten(path);
    const store = new LmdbBlobStore(hash, open({ path, noSubdir: true, maxDbs: 6, noMemInit: true }));
    writers.set(store, path);
    return store;
  }

  load(ref: string): Buffer | undefined {
    const { digest } = parseBlobref(ref);
    this.#loads++;
    const writing = this.#writing.get(ref);
    if (writing) return writing;
    if (this.#leaving.has(ref)) return undefined;
    return this.#blobs.get(digest);
  }

  store(blob: Uint8Array): string {
    const digest = blobDigest(blob, this.hash);
    const ref = printBlobref(digest, this.hash);
    if (this.#has(ref, digest)) {
      this.#known++;
      this.#raise(ref, digest, this.epoch);
      return ref;
    }
    const bytes = Buffer.from(blob);
    this.#leaving.delete(ref);
    this.#writing.set(ref, bytes);
    this.#unsafe.add(ref);
    this.bytesStored += bytes.length;
    this.#raise(ref, digest, this.epoch);
    const settled = () => {
      if (this.#writing.get(ref) !== bytes) return;
      this.#writing.delete(ref);
      this.#unsafe.delete(ref);
    };
    this.#write(this.#blobs.put(digest, bytes)).then(settled, () => {});
    return ref;
  }

  takeUnsafe(): Buffer[] {
    const blobs = [...this.#unsafe].map((ref) => this.#writing.get(ref)!);
    this.#unsafe.clear();
    return blobs;
  }

  checkpoints(): Checkpoint[] {
    return this.#newest ?? (this.#records.get('checkpoints') as Checkpoint[] | undefined) ?? [];
  }

  putCheckpoint(checkpoint: Checkpoint): void {
    this.#newest = [checkpoint, ...this.checkpoints()].slice(0, checkpointsKept);
    this.epoch++;
    this.#write(this.#records.put('epoch', this.epoch));
    this.#write(this.#records.put('checkpoints', this.#newest));
  }

  mark(ref: string, epoch: number): boolean {
    const { digest } = parseBlobref(ref);
    if (!this.#has(ref, digest)) return false;
    return this.#raise(ref, digest, epoch);
  }

  // In the order of digests: a cursor is the beginning of one.
  sweep(epoch: number, cursor: number, limits?: SweepLimits): { deleted: number; cursor: number } {
    const { deletions = Number.POSITIVE_INFINITY, window = Number.POSITIVE_INFINITY } = limits ?? {};
    if (cursor >= this.lastCursor) return { deleted: 0, cursor };
    const start = Buffer.alloc(cursorBytes);
    start.writeUIntBE(cursor, 0, cursorBytes);
    let deleted = 0;
    let seen = 0;
    for (const { key, value } of this.#epochs.getRange({ start })) {
      const at = key.readUIntBE(0, cursorBytes);
      // Digests that begin alike stay together.
      if ((deleted >= deletions || seen >= window) && at >= cursor) return { deleted, cursor: at };
      seen++;
      cursor = at + 1;
      const ref = printBlobref(key, this.hash);
      if ((this.#newEpochs.get(ref) ?? value) >= epoch) continue;
      deleted++;
      this.#remove(ref, key);
    }
    return { deleted, cursor: this.lastCursor };
  }

  get isWriting(): boolean {
    return this.#writesUnderWay > 0;
  }

  async committed(): Promise<void> {
    await this.#lastWrite;
  }

  stats(): BlobStoreStatistics {
    const {
      entryCount = 0,
      overflowPages = 0,
      leafPages = 0,
      pageSize = 4096,
    } = (this.#blobs as unknown as { getStats(): Record<string, number> }).getStats();
    const bytes = (Number(overflowPages) + Number(leafPages)) * Number(pageSize);
    return { count: entryCount, bytes, loads: this.#loads, known: this.#known };
  }

  async close(): Promise<void> {
    await this.#lastWrite;
    writers.delete(this);
    await this.#root.close();
  }

  #has(ref: string, digest: Buffer): boolean {
    return this.#writing.has(ref) || (!this.#leaving.has(ref) && this.#blobs.doesExist(digest));
  }

  #remove(ref: string, digest: Buffer): void {
    this.#writing.delete(ref);
    this.#unsafe.delete(ref);
    this.#newEpochs.delete(ref);
    this.#leaving.add(ref);
    const forget = () => this.#leaving.delete(ref);
    this.#write(this.#epochs.remove(digest));
    this.#write(this.#blobs.remove(digest)).then(forget, forget);
  }

  /** False when the blob has that epoch. */
  #raise(ref: string, digest: Buffer, epoch: number): boolean {
    const before = this.#newEpochs.get(ref) ?? this.#epochs.get(digest);
    if (before !== undefined && before >= epoch) return false;
    this.#newEpochs.set(ref, epoch);
    const forget = () => {
      if (this.#newEpochs.get(ref) === epoch) this.#newEpochs.delete(ref);
    };
    this.#write(this.#epochs.put(digest, epoch)).then(forget, forget);
    return true;
  }

  #write(write: Promise<boolean>): Promise<boolean> {
    this.#lastWrite = write;
    this.#writesUnderWay++;
    const ended = () => this.#writesUnderWay--;
    write.then(ended, ended);
    return write;
  }
}

/**
 * A broker that died in this process may still be writing, and for that needs the thread that would wait in `open` for
 * the lock it holds.
 */
async function allWritten(path: string): Promise<void> {
  for (const [store, other] of writers)
    while (other === path && store.isWriting) await store.committed().catch(() => {});
}
