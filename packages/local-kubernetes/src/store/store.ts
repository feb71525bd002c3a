// The revisioned backend: one global revision over all buckets, transactions that run at once against the newest state
// and are acknowledged when the medium has them, readers and watchers that only ever see acknowledged state.
//
// Invariants: revisions rise by one with each change; a change is visible (read, list, watch) only after its commit;
// batches commit in the order of their transactions; a failed commit drops every change not yet committed.

import { Bucket, type Item } from './bucket.ts';
import { type Change, History } from './history.ts';
import type { ChangeType, LoggedChange, Medium } from './medium.ts';
import { Pending } from './pending.ts';
import { CompactedError, FutureRevisionError, StorageError } from './store-errors.ts';

export interface StoreOptions {
  /** How many changes are remembered for watches and lists of the past. */
  readonly maxChanges: number;
  /** How many characters of JSON those may hold. */
  readonly maxCharacters: number;
}

export const defaultStoreOptions: StoreOptions = { maxChanges: 20_000, maxCharacters: 64 * 1024 * 1024 };

export interface StoredObject {
  metadata: { resourceVersion?: string };
}

export interface Page<T> {
  readonly items: Item<T>[];
  /** The revision this list is true for. */
  readonly revision: number;
  /** The bucket's key of the last item where more follow. */
  readonly last?: string;
  /** How many items follow the last one. */
  readonly remaining: number;
}

/** Reads the newest state and changes it, inside one synchronous function. */
export interface Transaction<T> {
  get(bucket: string, key: string): Item<T> | undefined;
  /** All items of a bucket under a prefix, in key order, uncommitted ones included. */
  range(bucket: string, prefix?: string): Item<T>[];
  /** Stores `object` with the next revision as its metadata.resourceVersion; `object` must be the caller's own. */
  put(bucket: string, key: string, object: T): Item<T>;
  /** Removes the record; the result is its last state with the revision of the deletion. */
  delete(bucket: string, key: string, last?: T): Item<T>;
}

interface Batch<T> {
  readonly changes: Change<T>[];
  resolve(): void;
  reject(error: Error): void;
}

export class Store<T extends StoredObject> {
  readonly #medium: Medium;
  readonly #options: StoreOptions;
  readonly #buckets = new Map<string, Bucket<T>>();
  readonly #pending = new Pending<T>();
  readonly #history = new History<T>();
  readonly #listeners = new Set<(change: Change<T>) => void>();
  #waiting: Batch<T>[] = [];
  #isCommitting = false;
  #revision: number;
  #head: number;
  #compacted: number;
  #idle: (() => void)[] = [];

  constructor(medium: Medium, options: Partial<StoreOptions> = {}) {
    this.#medium = medium;
    this.#options = { ...defaultStoreOptions, ...options };
    const contents = medium.load();
    // A fresh cluster starts at 1: resourceVersion 0 has a meaning of its own.
    this.#revision = Math.max(contents.revision, 1);
    this.#head = this.#revision;
    this.#compacted = contents.compacted;
    const created = new Map<string, number>();
    for (const logged of contents.changes) {
      if (logged.type === 'ADDED') created.set(logged.key, logged.revision);
      this.#history.push(changeOf<T>(logged, created.get(logged.key)));
    }
    for (const { key, text } of contents.records) {
      const [bucket, inner] = splitKey(key);
      this.#bucket(bucket).set(itemOf<T>(inner, text, created.get(key)));
    }
  }

  /** The newest acknowledged revision. */
  get revision(): number {
    return this.#revision;
  }

  /** Watches may start at this revision or above. */
  get compacted(): number {
    return this.#compacted;
  }

  get(bucket: string, key: string): Item<T> | undefined {
    return this.#buckets.get(bucket)?.get(key);
  }

  count(bucket: string): number {
    return this.#buckets.get(bucket)?.size ?? 0;
  }

  /**
   * Lists a bucket in key order: now, or as it was at `revision`.
   * @throws {CompactedError} the revision is forgotten. @throws {FutureRevisionError} it is not reached.
   */
  list(
    bucket: string,
    options: {
      prefix?: string;
      after?: string;
      limit?: number;
      revision?: number;
      filter?: (object: T) => boolean;
    } = {},
  ): Page<T> {
    const { prefix = '', after = '', limit = Number.POSITIVE_INFINITY, filter } = options;
    const revision = options.revision ?? this.#revision;
    const source = revision === this.#revision ? this.#bucket(bucket) : this.#at(bucket, prefix, revision);
    const items: Item<T>[] = [];
    let remaining = 0;
    for (const item of source.range(prefix, after)) {
      // A page that is full ends without looking on: whether what follows would be shown is not known.
      if (items.length >= limit) remaining++;
      else if (!filter || filter(item.object)) items.push(item);
    }
    return remaining > 0
      ? { items, revision, remaining, last: (items.at(-1) as Item<T>).key }
      : { items, revision, remaining };
  }

  /** Runs `body` at once; the promise carries its result when all it wrote is safe. An exception undoes everything. */
  async transact<R>(body: (transaction: Transaction<T>) => R): Promise<R> {
    const changes: Change<T>[] = [];
    const head = this.#head;
    const undo: { bucket: string; key: string; before: Change<T> | undefined }[] = [];
    const record = (type: ChangeType, bucket: string, item: Item<T>, previous: Item<T> | undefined): Item<T> => {
      const change = { revision: item.revision, type, bucket, item, previous };
      undo.push({ bucket, key: item.key, before: this.#pending.get(bucket, item.key) });
      this.#pending.set(change);
      changes.push(change);
      return item;
    };
    let result: R;
    try {
      result = body({
        get: (bucket, key) => this.#newest(bucket, key),
        range: (bucket, prefix) => this.#newestRange(bucket, prefix),
        put: (bucket, key, object) => {
          const previous = this.#newest(bucket, key);
          const revision = ++this.#head;
          const item = stamped(key, object, revision, previous?.createRevision ?? revision);
          return record(previous ? 'MODIFIED' : 'ADDED', bucket, item, previous);
        },
        delete: (bucket, key, last) => {
          const previous = this.#newest(bucket, key);
          if (!previous) throw new Error(`${bucket}/${key} is not there to delete`);
          const revision = ++this.#head;
          const object = last ?? { ...previous.object, metadata: { ...previous.object.metadata } };
          return record('DELETED', bucket, stamped(key, object, revision, previous.createRevision), previous);
        },
      });
    } catch (error) {
      for (const { bucket, key, before } of undo.reverse()) {
        if (before) this.#pending.set(before);
        else this.#pending.delete(bucket, key);
      }
      this.#head = head;
      await this.#untilSafe([]);
      throw error;
    }
    await this.#untilSafe(changes);
    return result;
  }

  /**
   * Waits until changes are safe, and all that was written before. A transaction that only read, or refused, waits too if
   * there is something to wait for: an answer must not tell of what a kill could still undo.
   */
  async #untilSafe(changes: Change<T>[]): Promise<void> {
    if (changes.length === 0 && this.#pending.isEmpty) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject });
      if (!this.#isCommitting) void this.#commitAll();
    });
  }

  /** The changes of a bucket above `revision` that are still remembered. @throws {CompactedError} */
  changesAfter(bucket: string, revision: number): Change<T>[] {
    if (revision < this.#compacted) throw new CompactedError(revision, this.#compacted);
    const changes: Change<T>[] = [];
    for (const change of this.#history.after(revision)) if (change.bucket === bucket) changes.push(change);
    return changes;
  }

  /** Calls `listener` with each change once it is acknowledged, in order. Returns the way to stop. */
  onChange(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the changes at and below `revision`. */
  async compact(revision: number): Promise<void> {
    const target = Math.min(revision, this.#revision);
    if (target <= this.#compacted) return;
    this.#forget(target);
    await this.#medium.compact(target);
  }

  /** Fulfilled when every transaction so far is acknowledged or refused. */
  settled(): Promise<void> {
    if (!this.#isCommitting) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async close(): Promise<void> {
    await this.settled();
    await this.#medium.close();
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      const batches = this.#waiting;
      this.#waiting = [];
      const changes = batches.flatMap((batch) => batch.changes);
      try {
        if (changes.length > 0) await this.#medium.commit(changes.map(loggedOf));
      } catch (error) {
        this.#dropPending(batches, new StorageError(error));
        continue;
      }
      for (const change of changes) this.#publish(change);
      for (const batch of batches) batch.resolve();
      await this.#trim();
    }
    this.#isCommitting = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #publish(change: Change<T>): void {
    const bucket = this.#bucket(change.bucket);
    if (change.type === 'DELETED') bucket.delete(change.item.key);
    else bucket.set(change.item);
    const { key } = change.item;
    if (this.#pending.get(change.bucket, key) === change) this.#pending.delete(change.bucket, key);
    this.#revision = change.revision;
    this.#history.push(change);
    for (const listener of this.#listeners) listener(change);
  }

  /** Later transactions were computed on top of what failed, so they fail with it. */
  #dropPending(batches: Batch<T>[], error: StorageError): void {
    const refused = [...batches, ...this.#waiting];
    this.#waiting = [];
    this.#pending.clear();
    for (const batch of refused) batch.reject(error);
  }

  async #trim(): Promise<void> {
    const { maxChanges, maxCharacters } = this.#options;
    if (this.#history.length <= maxChanges * 1.1 && this.#history.characters <= maxCharacters * 1.1) return;
    let revision = this.#compacted;
    while (this.#history.length > maxChanges || this.#history.characters > maxCharacters) {
      revision = this.#history.shift();
    }
    this.#compacted = revision;
    // A compaction that fails costs disk, not truth: it is tried again with the next one.
    await this.#medium.compact(revision).catch(() => {});
  }

  #forget(revision: number): void {
    this.#compacted = revision;
    for (const change of [...this.#history.after(0)]) {
      if (change.revision > revision) return;
      this.#history.shift();
    }
  }

  #newest(bucket: string, key: string): Item<T> | undefined {
    const change = this.#pending.get(bucket, key);
    if (!change) return this.get(bucket, key);
    return change.type === 'DELETED' ? undefined : change.item;
  }

  #newestRange(bucket: string, prefix = ''): Item<T>[] {
    const items = new Map<string, Item<T>>();
    for (const item of this.#bucket(bucket).range(prefix)) items.set(item.key, item);
    for (const { type, item } of this.#pending.of(bucket)) {
      if (!item.key.startsWith(prefix)) continue;
      if (type === 'DELETED') items.delete(item.key);
      else items.set(item.key, item);
    }
    return [...items.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #at(name: string, prefix: string, revision: number): Bucket<T> {
    if (revision > this.#revision) throw new FutureRevisionError(revision, this.#revision);
    if (revision < this.#compacted) throw new CompactedError(revision, this.#compacted);
    const past = new Bucket<T>();
    for (const item of this.#bucket(name).range(prefix)) past.set(item);
    for (const change of this.#history.backTo(revision)) {
      if (change.bucket !== name || !change.item.key.startsWith(prefix)) continue;
      if (change.previous) past.set(change.previous);
      else past.delete(change.item.key);
    }
    return past;
  }

  #bucket(name: string): Bucket<T> {
    let bucket = this.#buckets.get(name);
    if (!bucket) this.#buckets.set(name, (bucket = new Bucket()));
    return bucket;
  }
}

function stamped<T extends StoredObject>(key: string, object: T, revision: number, createRevision: number): Item<T> {
  object.metadata.resourceVersion = String(revision);
  return { key, object, text: JSON.stringify(object), createRevision, revision };
}

function splitKey(full: string): [bucket: string, key: string] {
  const slash = full.indexOf('/');
  return [full.slice(0, slash), full.slice(slash + 1)];
}

function itemOf<T extends StoredObject>(key: string, text: string, createRevision?: number): Item<T> {
  const object = JSON.parse(text) as T;
  const revision = Number(object.metadata.resourceVersion);
  return { key, object, text, createRevision: createRevision ?? revision, revision };
}

function changeOf<T extends StoredObject>(logged: LoggedChange, createRevision?: number): Change<T> {
  const [bucket, key] = splitKey(logged.key);
  return {
    revision: logged.revision,
    type: logged.type,
    bucket,
    item: itemOf<T>(key, logged.text, createRevision),
    previous: logged.previousText === undefined ? undefined : itemOf<T>(key, logged.previousText),
  };
}

function loggedOf<T>(change: Change<T>): LoggedChange {
  const { revision, type, item, previous } = change;
  const key = `${change.bucket}/${item.key}`;
  return { revision, type, key, text: item.text, ...(previous ? { previousText: previous.text } : {}) };
}
