/** Completion indexes as a Job's fields write them, `1,3-5`: whether they are well-formed, and how many. */

export interface IndexInterval {
  readonly first: number;
  readonly last: number;
}

/** @returns the intervals, or what is wrong with the text, for a Job of so many completions */
export function readIndexText(text: string, completions: number): IndexInterval[] | string {
  if (text === '') return [];
  const intervals: IndexInterval[] = [];
  for (const part of text.split(',')) {
    const interval = readInterval(part, completions);
    if (typeof interval === 'string') return interval;
    const before = intervals.at(-1);
    if (before && before.last >= interval.first) return notIncreasing(before.last, interval.first);
    intervals.push(interval);
  }
  return intervals;
}

export function countIndexes(intervals: readonly IndexInterval[]): number {
  return intervals.reduce((total, { first, last }) => total + last - first + 1, 0);
}

function readInterval(part: string, completions: number): IndexInterval | string {
  const limits = part.split('-');
  if (limits.length > 2) {
    return `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`;
  }
  const numbers: number[] = [];
  for (const limit of limits) {
    if (!/^\+?\d+$/.test(limit)) return `cannot convert string to integer for index: "${limit}"`;
    if (Number(limit) >= completions) return `too large index: "${limit}"`;
    numbers.push(Number(limit));
  }
  const [first = 0, last = first] = numbers;
  return numbers.length > 1 && first >= last ? notIncreasing(first, last) : { first, last };
}

function notIncreasing(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}
