// A blob store in memory, for an instance without a state directory.
import { type BlobHash, blobrefOf, parseBlobref } from '@ebb/flux-formats';
import { type BlobStore, type BlobStoreStatistics, type Checkpoint, checkpointsKept } from './blob-store.ts';

export class MemoryBlobStore implements BlobStore {
  readonly hash: BlobHash;
  readonly isPersistent = false;
  readonly #blobs = new Map<string, Buffer>();
  #checkpoints: Checkpoint[] = [];
  #bytes = 0;
  #loads = 0;
  #known = 0;

  constructor(hash: BlobHash) {
    this.hash = hash;
  }

  load(ref: string): Buffer | undefined {
    parseBlobref(ref);
    this.#loads++;
    return this.#blobs.get(ref);
  }

  store(blob: Uint8Array): string {
    const ref = blobrefOf(blob, this.hash);
    if (this.#blobs.has(ref)) this.#known++;
    else {
      this.#blobs.set(ref, Buffer.from(blob));
      this.#bytes += blob.length;
    }
    return ref;
  }

  takeUnsafe(): Buffer[] {
    return [];
  }

  checkpoints(): Checkpoint[] {
    return [...this.#checkpoints];
  }

  putCheckpoint(checkpoint: Checkpoint): void {
    this.#checkpoints = [checkpoint, ...this.#checkpoints].slice(0, checkpointsKept);
  }

  async committed(): Promise<void> {}

  stats(): BlobStoreStatistics {
    return { count: this.#blobs.size, bytes: this.#bytes, loads: this.#loads, known: this.#known };
  }

  async close(): Promise<void> {
    this.#blobs.clear();
  }
}
