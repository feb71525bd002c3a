// A blob store in memory, for an instance without a state directory.
import { type BlobHash, blobrefOf, parseBlobref } from '@ebb/flux-formats';
import type { BlobStore, BlobStoreStatistics, Checkpoint } from './blob-store.ts';

export class MemoryBlobStore implements BlobStore {
  readonly hash: BlobHash;
  readonly isPersistent = false;
  readonly #blobs = new Map<string, { bytes: Buffer; epoch: number }>();
  #checkpoints: Checkpoint[] = [];
  #bytes = 0;
  epoch = 0;
  bytesStored = 0;
  readonly lastCursor = 1;
  beforeSweep: (() => Promise<void>) | undefined;
  #loads = 0;
  #known = 0;

  constructor(hash: BlobHash) {
    this.hash = hash;
  }

  load(ref: string): Buffer | undefined {
    parseBlobref(ref);
    this.#loads++;
    return this.#blobs.get(ref)?.bytes;
  }

  store(blob: Uint8Array): string {
    const ref = blobrefOf(blob, this.hash);
    const found = this.#blobs.get(ref);
    if (found) {
      this.#known++;
      found.epoch = this.epoch;
      return ref;
    }
    this.#blobs.set(ref, { bytes: Buffer.from(blob), epoch: this.epoch });
    this.#bytes += blob.length;
    this.bytesStored += blob.length;
    return ref;
  }

  takeUnsafe(): Buffer[] {
    return [];
  }

  checkpoints(): Checkpoint[] {
    return [...this.#checkpoints];
  }

  putCheckpoint(checkpoint: Checkpoint): void {
    this.epoch++;
    // Nobody starts from an older one, and each keeps its tree alive.
    this.#checkpoints = [checkpoint];
  }

  mark(ref: string, epoch: number): boolean {
    const found = this.#blobs.get(ref);
    if (!found || found.epoch >= epoch) return false;
    found.epoch = epoch;
    return true;
  }

  // All at once: memory is quick.
  sweep(epoch: number): { deleted: number; cursor: number } {
    const before = this.#blobs.size;
    for (const [ref, blob] of this.#blobs) {
      if (blob.epoch >= epoch) continue;
      this.#blobs.delete(ref);
      this.#bytes -= blob.bytes.length;
    }
    return { deleted: before - this.#blobs.size, cursor: this.lastCursor };
  }

  async committed(): Promise<void> {}

  stats(): BlobStoreStatistics {
    return { count: this.#blobs.size, bytes: this.#bytes, loads: this.#loads, known: this.#known };
  }

  async close(): Promise<void> {
    this.#blobs.clear();
  }
}
