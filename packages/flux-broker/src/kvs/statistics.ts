// What `kvs.stats-get` answers (`flux module stats kvs`).
import type { BlobStore } from '../content/blob-store.ts';
import { Directory, Link, Value } from './entries.ts';
import type { Namespace } from './namespace.ts';

/** Count, extremes, mean and deviation of numbers that are not kept (Welford). */
export class RunningStatistics {
  #count = 0;
  #min = 0;
  #max = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    this.#min = this.#count === 1 ? value : Math.min(this.#min, value);
    this.#max = this.#count === 1 ? value : Math.max(this.#max, value);
    const distance = value - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (value - this.#mean);
  }

  /** All but the count times `scale`; the extremes as whole numbers. */
  summary(scale = 1): { count: number; min: number; mean: number; stddev: number; max: number } {
    const deviation = this.#count > 1 ? Math.sqrt(this.#squares / (this.#count - 1)) : 0;
    return {
      count: this.#count,
      min: Math.trunc(this.#min * scale),
      mean: this.#mean * scale,
      stddev: deviation * scale,
      max: Math.trunc(this.#max * scale),
    };
  }
}

/** The part `cache`: directories and values that are in memory. */
export function cacheStatistics(namespaces: readonly Namespace[], store: BlobStore): object {
  const sizes = new RunningStatistics();
  let total = 0;
  let dirty = 0;
  const count = (bytes: number, isDirty: boolean) => {
    sizes.add(bytes);
    total += bytes;
    if (isDirty) dirty++;
  };
  const visit = (directory: Directory): void => {
    const entries = directory.loaded;
    if (!entries) return;
    let bytes = 0;
    for (const [name, entry] of entries) {
      bytes += name.length;
      if (entry instanceof Directory) visit(entry);
      else if (entry instanceof Link) bytes += entry.target.length;
      else if (entry instanceof Value) for (const piece of entry.pieces) bytes += piece.length;
    }
    count(bytes, directory.ref === undefined);
  };
  for (const { tree } of namespaces) visit(tree.root);
  return {
    'obj size total (MiB)': total / 1_048_576,
    'obj size (KiB)': sizes.summary(1e-3),
    '#obj dirty': dirty,
    '#obj incomplete': 0,
    '#faults': store.stats().loads,
  };
}
