// The blob store on disk, in one LMDB environment: blobs under their digests, checkpoints, and the journal of what
// changed since the last one. Writes are gathered by LMDB and committed together, in the order in which they came.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BlobHash, blobDigest, parseBlobref, printBlobref } from '@ebb/flux-formats';
import type { Database, RootDatabase } from 'lmdb';
import { type BlobStore, type Checkpoint, checkpointsKept } from './blob-store.ts';

export class LmdbBlobStore implements BlobStore {
  readonly hash: BlobHash;
  readonly isPersistent = true;
  readonly #root: RootDatabase;
  readonly #blobs: Database<Buffer, Buffer>;
  readonly #journal: Database<Buffer, number>;
  readonly #records: Database<Checkpoint[], string>;
  // Blobs on their way to the disk: LMDB shows them only once they are committed.
  readonly #writing = new Map<string, Buffer>();
  #lastWrite: Promise<unknown> = Promise.resolve();
  #nextRecord: number;
  #firstRecord: number;

  private constructor(hash: BlobHash, root: RootDatabase) {
    this.hash = hash;
    this.#root = root;
    this.#blobs = root.openDB({ name: `blobs-${hash}`, keyEncoding: 'binary', encoding: 'binary' });
    this.#journal = root.openDB({ name: 'journal', keyEncoding: 'uint32', encoding: 'binary' });
    this.#records = root.openDB({ name: 'records', encoding: 'json' });
    const [first] = this.#journal.getKeys({ limit: 1 });
    const [last] = this.#journal.getKeys({ limit: 1, reverse: true });
    this.#firstRecord = first ?? 1;
    this.#nextRecord = (last ?? this.#firstRecord - 1) + 1;
  }

  /** Opens or creates `path`. LMDB is loaded only here: brokers other than rank 0 never need it. */
  static async open(path: string, hash: BlobHash): Promise<LmdbBlobStore> {
    const { open } = await import('lmdb');
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return new LmdbBlobStore(hash, open({ path, noSubdir: true, maxDbs: 4, noMemInit: true }));
  }

  load(ref: string): Buffer | undefined {
    const { digest } = parseBlobref(ref);
    const writing = this.#writing.get(ref);
    if (writing) return writing;
    return this.#blobs.get(digest);
  }

  store(blob: Uint8Array): string {
    const digest = blobDigest(blob, this.hash);
    const ref = printBlobref(digest, this.hash);
    if (this.#writing.has(ref) || this.#blobs.doesExist(digest)) return ref;
    const bytes = Buffer.from(blob);
    this.#writing.set(ref, bytes);
    this.#write(this.#blobs.put(digest, bytes)).then(
      () => this.#writing.delete(ref),
      () => {},
    );
    return ref;
  }

  checkpoints(): Checkpoint[] {
    return this.#records.get('checkpoints') ?? [];
  }

  putCheckpoint(checkpoint: Checkpoint): void {
    const kept = [checkpoint, ...this.#checkpointsSeen()].slice(0, checkpointsKept);
    this.#newest = kept;
    this.#write(this.#records.put('checkpoints', kept));
  }

  #newest: Checkpoint[] | undefined;

  #checkpointsSeen(): Checkpoint[] {
    return this.#newest ?? this.checkpoints();
  }

  appendJournal(record: Uint8Array): void {
    this.#write(this.#journal.put(this.#nextRecord++, Buffer.from(record)));
  }

  *journal(): Iterable<Buffer> {
    for (const { value } of this.#journal.getRange({})) yield Buffer.from(value);
  }

  clearJournal(): void {
    for (let record = this.#firstRecord; record < this.#nextRecord; record++) this.#write(this.#journal.remove(record));
    this.#firstRecord = this.#nextRecord;
  }

  async committed(): Promise<void> {
    await this.#lastWrite;
  }

  stats(): { count: number; bytes: number } {
    const {
      entryCount = 0,
      overflowPages = 0,
      leafPages = 0,
      pageSize = 4096,
    } = (this.#blobs as unknown as { getStats(): Record<string, number> }).getStats();
    return { count: entryCount, bytes: (Number(overflowPages) + Number(leafPages)) * Number(pageSize) };
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
