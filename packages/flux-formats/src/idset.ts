/** Sets of non-negative integers in the idset format of RFC 22, immutable. Held as sorted disjoint ranges. */
import { FormatError } from './format-error.ts';

type Range = readonly [first: number, last: number];

const largestId = 0xffff_ffff - 1;

export class Idset implements Iterable<number> {
  static readonly empty = new Idset([]);
  readonly ranges: readonly Range[];
  readonly size: number;

  private constructor(ranges: readonly Range[]) {
    this.ranges = ranges;
    this.size = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /**
   * Parses `0-3,7`, with or without brackets; the empty string is the empty set.
   * @throws FormatError for ids that are not ascending, leading zeros, spaces or anything else
   */
  static parse(text: string): Idset {
    const fail = (problem: string, position: number) => new FormatError('idset', text, problem, position);
    let body = text;
    let offset = 0;
    if (text.startsWith('[') || text.endsWith(']')) {
      if (!(text.startsWith('[') && text.endsWith(']') && text.length >= 2))
        throw fail('unmatched bracket', text.length);
      body = text.slice(1, -1);
      offset = 1;
    }
    const ranges: Range[] = [];
    if (body === '') return Idset.empty;
    let position = offset;
    for (const item of body.split(',')) {
      if (item !== '') {
        const match = /^(0|[1-9]\d*)(?:-(0|[1-9]\d*))?$/.exec(item);
        if (!match) throw fail(`${JSON.stringify(item)} is no id or range`, position);
        const first = Number(match[1]);
        const last = match[2] === undefined ? first : Number(match[2]);
        if (last > largestId) throw fail(`${last} is too large`, position);
        if (match[2] !== undefined && last <= first) throw fail('a range must ascend', position);
        const before = ranges.at(-1);
        if (before && first <= before[1]) throw fail('ids must ascend', position);
        append(ranges, first, last);
      }
      position += item.length + 1;
    }
    return new Idset(ranges);
  }

  /** @throws RangeError for what is no id */
  static of(ids: Iterable<number>): Idset {
    const sorted = [...ids].sort((a, b) => a - b);
    for (const id of sorted) checkId(id);
    const ranges: Range[] = [];
    for (const id of sorted) if (id !== ranges.at(-1)?.[1]) append(ranges, id, id);
    return new Idset(ranges);
  }

  /** The ids from `first` to `last`, both included; empty when `last` is below `first`. */
  static range(first: number, last: number): Idset {
    if (last < first) return Idset.empty;
    checkId(first);
    checkId(last);
    return new Idset([[first, last]]);
  }

  has(id: number): boolean {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last] = this.ranges[middle]!;
      if (id < first) high = middle - 1;
      else if (id > last) low = middle + 1;
      else return true;
    }
    return false;
  }

  first(): number | undefined {
    return this.ranges[0]?.[0];
  }

  last(): number | undefined {
    return this.ranges.at(-1)?.[1];
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [first, last] of this.ranges) for (let id = first; id <= last; id++) yield id;
  }

  union(other: Idset): Idset {
    const all = [...this.ranges, ...other.ranges].sort((a, b) => a[0] - b[0]);
    const ranges: Range[] = [];
    for (const [first, last] of all) append(ranges, first, last);
    return new Idset(ranges);
  }

  intersect(other: Idset): Idset {
    const ranges: Range[] = [];
    let i = 0;
    let j = 0;
    while (i < this.ranges.length && j < other.ranges.length) {
      const [a, b] = this.ranges[i]!;
      const [c, d] = other.ranges[j]!;
      if (Math.max(a, c) <= Math.min(b, d)) append(ranges, Math.max(a, c), Math.min(b, d));
      if (b < d) i++;
      else j++;
    }
    return new Idset(ranges);
  }

  subtract(other: Idset): Idset {
    const ranges: Range[] = [];
    let j = 0;
    for (const [first, last] of this.ranges) {
      let next = first;
      while (j < other.ranges.length && other.ranges[j]![1] < next) j++;
      for (let k = j; k < other.ranges.length && other.ranges[k]![0] <= last; k++) {
        const [c, d] = other.ranges[k]!;
        if (c > next) append(ranges, next, c - 1);
        next = Math.max(next, d + 1);
      }
      if (next <= last) append(ranges, next, last);
    }
    return new Idset(ranges);
  }

  with(id: number): Idset {
    return this.has(id) ? this : this.union(Idset.range(id, id));
  }

  without(id: number): Idset {
    return this.has(id) ? this.subtract(Idset.range(id, id)) : this;
  }

  equals(other: Idset): boolean {
    return (
      this.ranges.length === other.ranges.length &&
      this.ranges.every(([first, last], i) => other.ranges[i]![0] === first && other.ranges[i]![1] === last)
    );
  }

  /** `0-3,7` */
  toString(): string {
    return this.ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  }

  /** `[0-3,7]`, and `7` for one id alone. */
  toBracketString(): string {
    return this.size > 1 ? `[${this}]` : this.toString();
  }
}

// Adds a range that begins at or after the start of the last one, joining the two where they touch.
function append(ranges: Range[], first: number, last: number): void {
  const before = ranges.at(-1);
  if (before && first <= before[1] + 1) ranges[ranges.length - 1] = [before[0], Math.max(before[1], last)];
  else ranges.push([first, last]);
}

function checkId(id: number): void {
  if (!Number.isInteger(id) || id < 0 || id > largestId) throw new RangeError(`${id} is no id: use 0 to ${largestId}`);
}
