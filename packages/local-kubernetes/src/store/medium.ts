// The lowest layer of the store: where bytes rest. A medium knows keys, texts and revisions, nothing of Kubernetes.

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One write as the medium keeps it: the record's new text and what stood there before, so that history can be undone. */
export interface LoggedChange {
  readonly revision: number;
  readonly type: ChangeType;
  /** The full key, `BUCKET/NAMESPACE/NAME` or `BUCKET/NAME`. */
  readonly key: string;
  /** JSON of the object after the write; for DELETED its last state, carrying the revision of the deletion. */
  readonly text: string;
  /** JSON of the object before the write; absent for ADDED. */
  readonly previousText?: string;
}

/** Everything a medium holds, as read once at the start. */
export interface MediumContents {
  /** The highest revision ever committed; 0 for an empty medium. */
  readonly revision: number;
  /** Changes at and below this revision are forgotten. */
  readonly compacted: number;
  readonly records: Iterable<{ readonly key: string; readonly text: string }>;
  /** The remembered changes, oldest first. */
  readonly changes: Iterable<LoggedChange>;
}

export interface Medium {
  load(): MediumContents;
  /**
   * Writes all changes or none, in order. When the promise is fulfilled a kill -9 of this process loses none of them.
   * @throws the medium's own error (disk full, no permission); nothing of the batch is then kept.
   */
  commit(changes: readonly LoggedChange[]): Promise<void>;
  /** Forgets the changes at and below `revision`; records stay. */
  compact(revision: number): Promise<void>;
  close(): Promise<void>;
}
