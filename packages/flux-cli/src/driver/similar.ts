/** Which commands a mistyped one may have been meant to be. */

const farthest = 3;
const longPrefix = 5;
const mostShown = 3;

/** The nearest of the names, in their order; none when all are too far. */
export function similarNames(wrong: string, names: Iterable<string>): string[] {
  let least = farthest;
  let nearest: string[] = [];
  for (const name of new Set(names)) {
    const distance = nearness(wrong, name);
    if (distance > least) continue;
    if (distance < least) nearest = [];
    least = distance;
    nearest.push(name);
  }
  return nearest.slice(0, mostShown);
}

/** The edits between both; fewer when one is the other's beginning. */
function nearness(wrong: string, name: string): number {
  const distance = editDistance(wrong, name);
  if (!name.startsWith(wrong)) return distance;
  return wrong.length >= longPrefix ? 0 : distance - 1;
}

/** Levenshtein's distance: letters put in, taken out or replaced. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
