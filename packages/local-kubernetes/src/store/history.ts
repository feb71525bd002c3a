// The recent past of the store: what a watch that starts late replays, and what a list at an older revision undoes.

import type { Item } from './bucket.ts';
import type { ChangeType } from './medium.ts';

export interface Change<T> {
  readonly revision: number;
  readonly type: ChangeType;
  readonly bucket: string;
  /** The record after the change; for DELETED its last state with the revision of the deletion. */
  readonly item: Item<T>;
  readonly previous: Item<T> | undefined;
}

/** A queue of changes, oldest first, trimmed from the front. */
export class History<T> {
  #changes: Change<T>[] = [];
  #first = 0;
  #characters = 0;

  get length(): number {
    return this.#changes.length - this.#first;
  }

  /** The length of all remembered texts, as a measure of memory. */
  get characters(): number {
    return this.#characters;
  }

  push(change: Change<T>): void {
    this.#changes.push(change);
    this.#characters += change.item.text.length;
  }

  /** Drops the oldest change and returns its revision. */
  shift(): number {
    const change = this.#changes[this.#first] as Change<T>;
    this.#first++;
    this.#characters -= change.item.text.length;
    if (this.#first > 1024 && this.#first * 2 > this.#changes.length) {
      this.#changes = this.#changes.slice(this.#first);
      this.#first = 0;
    }
    return change.revision;
  }

  /** The changes above `revision`, oldest first. */
  *after(revision: number): Generator<Change<T>> {
    for (let index = this.#indexAfter(revision); index < this.#changes.length; index++) {
      yield this.#changes[index] as Change<T>;
    }
  }

  /** The changes above `revision`, newest first. */
  *backTo(revision: number): Generator<Change<T>> {
    const start = this.#indexAfter(revision);
    for (let index = this.#changes.length - 1; index >= start; index--) yield this.#changes[index] as Change<T>;
  }

  #indexAfter(revision: number): number {
    let low = this.#first;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle] as Change<T>).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
