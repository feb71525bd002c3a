/** The asked revision is forgotten; the caller lists anew. */
export class CompactedError extends Error {
  readonly compacted: number;

  constructor(asked: number, compacted: number) {
    super(`revision ${asked} has been compacted; the oldest remembered is ${compacted}`);
    this.name = 'CompactedError';
    this.compacted = compacted;
  }
}

/** The asked revision lies in the future of this store. */
export class FutureRevisionError extends Error {
  readonly current: number;

  constructor(asked: number, current: number) {
    super(`revision ${asked} is not reached yet; the store is at ${current}`);
    this.name = 'FutureRevisionError';
    this.current = current;
  }
}

/** The medium refused a write; nothing of it was kept. */
export class StorageError extends Error {
  constructor(cause: unknown) {
    super(`the storage refused the write: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StorageError';
  }
}
