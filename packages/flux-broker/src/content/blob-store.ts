// Where blobs lie: content addressed, RFC 10. Rank 0 has one store, which the modules content and kvs share, so that a
// lookup in the KVS needs no message. Reading is synchronous; what was written survives the process once
// `committed` resolves.
import type { BlobHash } from '@ebb/flux-formats';

/** A root of the primary namespace that was put on record, as `content.checkpoint-get` answers it. */
export interface Checkpoint {
  version: 1;
  rootref: string;
  sequence: number;
  /** Seconds since 1970. */
  timestamp: number;
}

export interface BlobStoreStatistics {
  /** Blobs, and their bytes. */
  count: number;
  bytes: number;
  /** How often a blob was read. */
  loads: number;
  /** How often a blob came that was there already. */
  known: number;
}

export interface SweepLimits {
  /** So many blobs are removed at most. */
  deletions: number;
  /** So many are looked at, at most. */
  window: number;
}

export interface BlobStore {
  readonly hash: BlobHash;
  /** Whether blobs outlive the broker. */
  readonly isPersistent: boolean;
  /** Undefined when there is no such blob. @throws FormatError when `ref` is no blob reference */
  load(ref: string): Buffer | undefined;
  /** Resolves nothing: the reference is known at once, the bytes are safe after {@link committed}. */
  store(blob: Uint8Array): string;
  /** Blobs that are not safe yet and were not taken before. What refers to them must not be safe before they are. */
  takeUnsafe(): Buffer[];
  /** The last ones, the newest first. */
  checkpoints(): Checkpoint[];
  putCheckpoint(checkpoint: Checkpoint): void;
  /** Resolves when all that was written before is safe from the end of this process. */
  committed(): Promise<void>;
  stats(): BlobStoreStatistics;
  /** Counts the checkpoints put. A blob bears the epoch in which it was last stored or marked. */
  readonly epoch: number;
  /** Bytes of blobs that came since the store was opened. */
  readonly bytesStored: number;
  /** Raises the epoch of a blob; false when it has it, or is not there. */
  mark(ref: string, epoch: number): boolean;
  /** Removes blobs of epochs before `epoch`, the next ones after `cursor`. */
  sweep(epoch: number, cursor: number, limits?: SweepLimits): { deleted: number; cursor: number };
  /** Where a cursor is at its end. */
  readonly lastCursor: number;
  /** Called, and waited for, before the first blob of a sweep is removed. */
  beforeSweep: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** How many checkpoints are kept. */
export const checkpointsKept = 5;
