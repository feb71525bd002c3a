import type { Idset } from '@ebb/flux-formats';

/** `rank 3`, or `ranks 2-3`. */
export function ranksInWords(ranks: Idset): string {
  return `${ranks.size === 1 ? 'rank' : 'ranks'} ${ranks}`;
}
