/**
 * The difference of two texts by lines, in hunks with three lines around each, as the messages of a real API server show
 * two objects that must not differ (apimachinery's util/diff: a unified diff of the indented JSON, without file names).
 */

const context = 3;

interface Step {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

export function unifiedDiff(before: string, after: string): string {
  const steps = stepsBetween(before.split('\n'), after.split('\n'));
  const changed = steps.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]));
  return hunks(changed, steps.length)
    .map(([from, to]) => printHunk(steps, from, to))
    .join('');
}

/** Changes closer than two contexts share a hunk. */
function hunks(changed: readonly number[], length: number): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const index of changed) {
    const last = found.at(-1);
    const from = Math.max(0, index - context);
    const to = Math.min(length, index + context + 1);
    if (last && from <= last[1]) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

function printHunk(steps: readonly Step[], from: number, to: number): string {
  const count = (list: readonly Step[], mark: '-' | '+') => list.filter((each) => each.mark !== mark).length;
  const before = steps.slice(0, from);
  const hunk = steps.slice(from, to);
  const range = (mark: '-' | '+') => printRange(count(before, mark) + 1, count(hunk, mark));
  const lines = hunk.map(({ mark, line }) => `${mark}${line}\n`);
  return `@@ -${range('+')} +${range('-')} @@\n${lines.join('')}`;
}

function printRange(start: number, length: number): string {
  if (length === 1) return `${start}`;
  return `${length === 0 ? start - 1 : start},${length}`;
}

/** From one list of lines to the other, by their longest common subsequence. */
function stepsBetween(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const same = (lines: readonly string[]) => lines.map((line): Step => ({ mark: ' ', line }));
  return [
    ...same(before.slice(0, head)),
    ...middleSteps(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(tail === 0 ? [] : before.slice(-tail)),
  ];
}

function middleSteps(before: readonly string[], after: readonly string[]): Step[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      (lengths[i] as Uint32Array)[j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      steps.push({ mark: ' ', line: before[i++] as string });
      j++;
    } else if (i < before.length && (j >= after.length || at(i + 1, j) >= at(i, j + 1))) {
      steps.push({ mark: '-', line: before[i++] as string });
    } else steps.push({ mark: '+', line: after[j++] as string });
  }
  return steps;
}
