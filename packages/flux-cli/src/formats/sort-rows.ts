/** Sorts rows by fields as `--sort` and the `sort:` prefix of formats say. */
import { CommandError } from '../command-module.ts';
import type { Row } from './output-format.ts';

export interface SortKey {
  readonly field: string;
  readonly reverse: boolean;
}

/** `KEY,-KEY`. @throws CommandError for a field that there is not */
export function parseSortKeys(text: string, isField: (field: string) => boolean): SortKey[] {
  return text
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map((key) => {
      const field = key.replace(/^-/, '');
      if (!isField(field)) throw new CommandError(`Invalid sort key: ${field}`);
      return { field, reverse: key.startsWith('-') };
    });
}

/** The format without its `sort:KEY,...` at the start, and those keys. */
export function splitSortPrefix(format: string): { format: string; keys: string } {
  const match = /^sort:([^{\s]+) ?/.exec(format);
  return match ? { format: format.slice(match[0].length), keys: match[1]! } : { format, keys: '' };
}

/** What is unset comes first, then numbers, then text. Stable, the first key before the others. */
export function sortRows<Item>(items: readonly Item[], rowOf: (item: Item) => Row, keys: readonly SortKey[]): Item[] {
  const sorted = items.map((item) => ({ item, row: rowOf(item) }));
  for (const { field, reverse } of [...keys].reverse()) {
    sorted.sort((a, b) => (reverse ? -1 : 1) * compare(rank(a.row(field)), rank(b.row(field))));
  }
  return sorted.map(({ item }) => item);
}

type Rank = readonly [kind: number, value: number | string];

function rank(value: unknown): Rank {
  if (value === undefined || value === null || value === '' || value === '-') return [0, 0];
  if (typeof value === 'number' || typeof value === 'boolean') return [1, Number(value)];
  const text = String(value);
  return text.trim() !== '' && !Number.isNaN(Number(text)) ? [1, Number(text)] : [2, text];
}

function compare(a: Rank, b: Rank): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}
