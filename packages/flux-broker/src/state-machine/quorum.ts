// How many brokers must be online before the instance runs (attribute broker.quorum: a count). Pure parts.
import type { Idset } from '@ebb/flux-formats';

/** The quorum size from the attribute. The old forms "0" and "0-N" are still understood. @throws {RangeError} */
export function parseQuorum(text: string | undefined, size: number): { count: number; isOldForm: boolean } {
  if (text === undefined) return { count: size, isOldForm: false };
  if (text === `0-${size - 1}`) return { count: size, isOldForm: true };
  if (text === '0') return { count: 1, isOldForm: true };
  const count = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= 1 && count <= size)) throw new RangeError('Error parsing broker.quorum attribute');
  return { count, isOldForm: false };
}

/** Ranks that were online and are no more. */
export function lostRanks(before: Idset, after: Idset): Idset {
  return before.subtract(after);
}
