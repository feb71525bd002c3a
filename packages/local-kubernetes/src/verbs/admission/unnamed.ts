/** Numbers of which users name some, and a server gives out others. */
export interface SharedRange {
  readonly first: number;
  /** Those below are left to who names one, while there are others. */
  readonly firstUnnamed: number;
  readonly last: number;
}

/** The number for who names none; undefined when the range is full. Sources: KEP-3070 (addresses), KEP-3668 (ports of nodes). */
export function unnamed(range: SharedRange, isHeld: (number: number) => boolean): number | undefined {
  const { first, firstUnnamed, last } = range;
  for (let number = firstUnnamed; number <= last; number++) if (!isHeld(number)) return number;
  for (let number = first; number < firstUnnamed; number++) if (!isHeld(number)) return number;
  return undefined;
}
