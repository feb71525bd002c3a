// The records of one resource, sorted by key, as a working set in memory.

export interface Item<T> {
  /** The key inside the bucket: `NAMESPACE/NAME`, or `NAME` where there is no namespace. */
  readonly key: string;
  readonly object: T;
  /** JSON of the object. */
  readonly text: string;
  readonly createRevision: number;
  readonly revision: number;
}

/** A map whose keys can also be walked in order from any point, at the price of O(n) moves for an insertion. */
export class Bucket<T> {
  readonly #items = new Map<string, Item<T>>();
  readonly #keys: string[] = [];

  get size(): number {
    return this.#items.size;
  }

  get(key: string): Item<T> | undefined {
    return this.#items.get(key);
  }

  set(item: Item<T>): void {
    if (!this.#items.has(item.key)) this.#keys.splice(this.#position(item.key), 0, item.key);
    this.#items.set(item.key, item);
  }

  delete(key: string): void {
    if (this.#items.delete(key)) this.#keys.splice(this.#position(key), 1);
  }

  /** The items whose key starts with `prefix` and comes after `after`, in key order. */
  *range(prefix = '', after = ''): Generator<Item<T>> {
    let index = this.#position(after > prefix ? after : prefix);
    if (after && this.#keys[index] === after) index++;
    for (; index < this.#keys.length; index++) {
      const key = this.#keys[index] as string;
      if (!key.startsWith(prefix)) return;
      yield this.#items.get(key) as Item<T>;
    }
  }

  /** The first index whose key is not below `key`. */
  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
