// Sets of IP addresses, exact whatever is added or taken away: ranges in the arithmetic, blocks (CIDR) on paper. Pure.

import { isIPv4, isIPv6 } from 'node:net';

/** Addresses of one family, both ends among them. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A block such as `10.0.0.0/8`; what stands right of its prefix counts for nothing. @throws Error when it is none */
export function rangeOf(block: string): AddressRange {
  const [address = '', prefix = ''] = block.split('/');
  const { family, first: number } = addressRange(address);
  const length = Number(prefix);
  if (!/^\d+$/.test(prefix) || length > bitsOf(family)) throw new Error(`${block} is no block of addresses`);
  const size = 1n << BigInt(bitsOf(family) - length);
  const first = number - (number % size);
  return { family, first, last: first + size - 1n };
}

/** One address. @throws Error when it is none */
export function addressRange(address: string): AddressRange {
  const family = isIPv4(address) ? 4 : 6;
  const number = family === 4 ? number4(address) : number6(address);
  return { family, first: number, last: number };
}

/** Every address of both families. */
export const everywhere: readonly AddressRange[] = [rangeOf('0.0.0.0/0'), rangeOf('::/0')];

/** The same addresses in as few ranges as there can be, in order. */
export function united(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = [...ranges].sort(
    (a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  );
  const all: AddressRange[] = [];
  for (const range of sorted) {
    const before = all.at(-1);
    if (!before || before.family !== range.family || range.first > before.last + 1n) all.push(range);
    else if (range.last > before.last) all[all.length - 1] = { ...before, last: range.last };
  }
  return all;
}

/** What is left of some addresses without others. */
export function without(ranges: readonly AddressRange[], taken: readonly AddressRange[]): AddressRange[] {
  let left = [...ranges];
  for (const hole of taken) {
    left = left.flatMap((range) => {
      if (range.family !== hole.family || hole.last < range.first || hole.first > range.last) return [range];
      return [
        { ...range, last: hole.first - 1n },
        { ...range, first: hole.last + 1n },
      ].filter(({ first, last }) => first <= last);
    });
  }
  return left;
}

/** Whether an address is among them; what is no address never is. */
export function includes(ranges: readonly AddressRange[], address: string): boolean {
  if (!isIPv4(address) && !isIPv6(address)) return false;
  const { family, first } = addressRange(address);
  return ranges.some((range) => range.family === family && range.first <= first && first <= range.last);
}

/** The blocks that a range is made of, as few as there can be. */
export function blocksOf({ family, first, last }: AddressRange): string[] {
  const blocks: string[] = [];
  for (let start = first; start <= last; ) {
    let free = 0;
    while (
      free < bitsOf(family) &&
      start % (1n << BigInt(free + 1)) === 0n &&
      start + (1n << BigInt(free + 1)) - 1n <= last
    )
      free++;
    blocks.push(`${textOf(family, start)}/${bitsOf(family) - free}`);
    start += 1n << BigInt(free);
  }
  return blocks;
}

function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

function number4(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function number6(address: string): bigint {
  if (!isIPv6(address)) throw new Error(`${address} is no address`);
  // An interface's name behind it is no part of the number; a URL writes the rest in one way, in groups of hexadecimal.
  const [head = '', tail] = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::');
  const groups = (text = '') => text.split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array(8 - groups(head).length - groups(tail).length).fill('0');
  return [...groups(head), ...zeros, ...groups(tail)].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function textOf(family: 4 | 6, number: bigint): string {
  const [parts, base, radix] = family === 4 ? ([4, 256n, 10] as const) : ([8, 65_536n, 16] as const);
  const digits = Array.from({ length: parts }, (_, at) => (number / base ** BigInt(parts - 1 - at)) % base);
  return digits.map((digit) => digit.toString(radix)).join(family === 4 ? '.' : ':');
}
