// The blob store on disk, in one LMDB environment: blobs under their digests, and checkpoints. Writes are gathered by LMDB
// and committed together, in the order in which they came.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BlobHash, blobDigest, parseBlobref, printBlobref } from '@ebb/flux-formats';
import type { Database, RootDatabase } from 'lmdb';
import { type BlobStore, type BlobStoreStatistics, type Checkpoint, checkpointsKept } from './blob-store.ts';

export class LmdbBlobStore implements BlobStore {
  readonly hash: BlobHash;
  readonly isPersistent = true;
  readonly #root: RootDatabase;
  readonly #blobs: Database<Buffer, Buffer>;
  readonly #records: Database<Checkpoint[], string>;
  // Blobs on their way to the disk: LMDB shows them only once they are committed.
  readonly #writing = new Map<string, Buffer>();
  // Those of them that nobody took yet.
  readonly #unsafe = new Set<string>();
  #loads = 0;
  #known = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #newest: Checkpoint[] | undefined;

  private constructor(hash: BlobHash, root: RootDatabase) {
    this.hash = hash;
    this.#root = root;
    this.#blobs = root.openDB({ name: `blobs-${hash}`, keyEncoding: 'binary', encoding: 'binary' });
    this.#records = root.openDB({ name: 'records', encoding: 'json' });
  }

  /** Opens or creates `path`. LMDB is loaded only here: brokers other than rank 0 never need it. */
  static async open(path: string, hash: BlobHash): Promise<LmdbBlobStore> {
    const { open } = await import('lmdb');
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return new LmdbBlobStore(hash, open({ path, noSubdir: true, maxDbs: 4, noMemInit: true }));
  }

  load(ref: string): Buffer | undefined {
    const { digest } = parseBlobref(ref);
    this.#loads++;
    const writing = this.#writing.get(ref);
    if (writing) return writing;
    return this.#blobs.get(digest);
  }

  store(blob: Uint8Array): string {
    const digest = blobDigest(blob, this.hash);
    const ref = printBlobref(digest, this.hash);
    if (this.#writing.has(ref) || this.#blobs.doesExist(digest)) {
      this.#known++;
      return ref;
    }
    const bytes = Buffer.from(blob);
    this.#writing.set(ref, bytes);
    this.#unsafe.add(ref);
    this.#write(this.#blobs.put(digest, bytes)).then(
      () => {
        this.#writing.delete(ref);
        this.#unsafe.delete(ref);
      },
      () => {},
    );
    return ref;
  }

  takeUnsafe(): Buffer[] {
    const blobs = [...this.#unsafe].map((ref) => this.#writing.get(ref)!);
    this.#unsafe.clear();
    return blobs;
  }

  checkpoints(): Checkpoint[] {
    return this.#newest ?? this.#records.get('checkpoints') ?? [];
  }

  putCheckpoint(checkpoint: Checkpoint): void {
    this.#newest = [checkpoint, ...this.checkpoints()].slice(0, checkpointsKept);
    this.#write(this.#records.put('checkpoints', this.#newest));
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
    await this.#root.close();
  }

  #write(write: Promise<boolean>): Promise<boolean> {
    this.#lastWrite = write;
    return write;
  }
}
