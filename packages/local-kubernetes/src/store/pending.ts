// What is written but not yet acknowledged: the newest change of each key.

import type { Change } from './history.ts';

export class Pending<T> {
  /** By bucket, so that nobody pays for what waits in another. */
  readonly #buckets = new Map<string, Map<string, Change<T>>>();

  get isEmpty(): boolean {
    return this.#buckets.size === 0;
  }

  get(bucket: string, key: string): Change<T> | undefined {
    return this.#buckets.get(bucket)?.get(key);
  }

  /** The changes of a bucket, in no order. */
  of(bucket: string): Iterable<Change<T>> {
    return this.#buckets.get(bucket)?.values() ?? [];
  }

  set(change: Change<T>): void {
    let changes = this.#buckets.get(change.bucket);
    if (!changes) this.#buckets.set(change.bucket, (changes = new Map()));
    changes.set(change.item.key, change);
  }

  delete(bucket: string, key: string): void {
    const changes = this.#buckets.get(bucket);
    if (changes?.delete(key) && changes.size === 0) this.#buckets.delete(bucket);
  }

  clear(): void {
    this.#buckets.clear();
  }
}
