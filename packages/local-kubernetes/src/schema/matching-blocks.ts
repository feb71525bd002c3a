/**
 * What two lists of lines have in common, by the longest block first and then what is before and after it: the way of
 * Python's difflib, with its rule that in long lists lines that stand there often begin no block.
 */

export interface Block {
  readonly before: number;
  readonly after: number;
  readonly length: number;
}

const longList = 200;

/** The blocks in order; those that touch are one. */
export function matchingBlocks(before: readonly string[], after: readonly string[]): Block[] {
  const places = placesOf(after);
  const found: Block[] = [];
  const waiting: [number, number, number, number][] = [[0, before.length, 0, after.length]];
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    const [from, to, low, high] = range;
    const block = longest(before, after, places, range);
    if (block.length === 0) continue;
    found.push(block);
    waiting.push([from, block.before, low, block.after]);
    waiting.push([block.before + block.length, to, block.after + block.length, high]);
  }
  found.sort((a, b) => a.before - b.before || a.after - b.after);
  return joined(found);
}

/** Where each line stands that may begin a block. */
function placesOf(lines: readonly string[]): ReadonlyMap<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const known = places.get(line);
    if (known) known.push(index);
    else places.set(line, [index]);
  }
  if (lines.length < longList) return places;
  const often = Math.floor(lines.length / 100) + 1;
  for (const [line, found] of places) if (found.length > often) places.delete(line);
  return places;
}

/** The longest block of the range, the first of those that are as long. */
function longest(
  before: readonly string[],
  after: readonly string[],
  places: ReadonlyMap<string, number[]>,
  [from, to, low, high]: readonly [number, number, number, number],
): Block {
  let best = { before: from, after: low, length: 0 };
  let lengths = new Map<number, number>();
  for (let i = from; i < to; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(before[i]!) ?? []) {
      if (j < low) continue;
      if (j >= high) break;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > best.length) best = { before: i - length + 1, after: j - length + 1, length };
    }
    lengths = next;
  }
  while (best.before > from && best.after > low && before[best.before - 1] === after[best.after - 1]) {
    best = { before: best.before - 1, after: best.after - 1, length: best.length + 1 };
  }
  const isNextSame = () => before[best.before + best.length] === after[best.after + best.length];
  while (best.before + best.length < to && best.after + best.length < high && isNextSame()) best.length++;
  return best;
}

function joined(blocks: readonly Block[]): Block[] {
  const result: Block[] = [];
  for (const block of blocks) {
    const last = result.at(-1);
    if (last && last.before + last.length === block.before && last.after + last.length === block.after) {
      result[result.length - 1] = { ...last, length: last.length + block.length };
    } else result.push(block);
  }
  return result;
}
