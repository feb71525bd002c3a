/**
 * The difference of two texts by lines, in hunks with three lines around each, as the messages of a real API server show
 * two objects that must not differ (apimachinery's util/diff: a unified diff of the indented JSON, without file names).
 */
import { matchingBlocks } from './matching-blocks.ts';

const context = 3;

/** Lines of both texts that are the same, or that take one another's place. */
interface Step {
  readonly isSame: boolean;
  readonly before: readonly [from: number, to: number];
  readonly after: readonly [from: number, to: number];
}

export function unifiedDiff(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return hunks(stepsBetween(old, now))
    .map((steps) => printHunk(steps, old, now))
    .join('');
}

function stepsBetween(old: readonly string[], now: readonly string[]): Step[] {
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  for (const { before, after, length } of [
    ...matchingBlocks(old, now),
    { before: old.length, after: now.length, length: 0 },
  ]) {
    if (i < before || j < after) steps.push({ isSame: false, before: [i, before], after: [j, after] });
    i = before + length;
    j = after + length;
    if (length > 0) steps.push({ isSame: true, before: [before, i], after: [after, j] });
  }
  return steps;
}

/** Changes with no more than two contexts between them share a hunk. */
function hunks(steps: readonly Step[]): Step[][] {
  const found: Step[][] = [];
  let hunk: Step[] = [];
  for (const [index, step] of steps.entries()) {
    if (!step.isSame) {
      hunk.push(step);
      continue;
    }
    const isFirst = index === 0;
    const isLast = index === steps.length - 1;
    const length = step.before[1] - step.before[0];
    if (isFirst) hunk.push(lastLines(step));
    else if (isLast) hunk.push(firstLines(step));
    else if (length <= 2 * context) hunk.push(step);
    else {
      found.push([...hunk, firstLines(step)]);
      hunk = [lastLines(step)];
    }
  }
  if (hunk.some(({ isSame }) => !isSame)) found.push(hunk);
  return found;
}

function firstLines({ before, after }: Step): Step {
  const length = Math.min(context, before[1] - before[0]);
  return { isSame: true, before: [before[0], before[0] + length], after: [after[0], after[0] + length] };
}

function lastLines({ before, after }: Step): Step {
  const length = Math.min(context, before[1] - before[0]);
  return { isSame: true, before: [before[1] - length, before[1]], after: [after[1] - length, after[1]] };
}

function printHunk(steps: readonly Step[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const range = (side: 'before' | 'after') => printRange(first[side][0], last[side][1]);
  const lines = steps.flatMap(({ isSame, before, after }) => {
    const removed = old.slice(...before);
    if (isSame) return removed.map((line) => ` ${line}\n`);
    return [...removed.map((line) => `-${line}\n`), ...now.slice(...after).map((line) => `+${line}\n`)];
  });
  return `@@ -${range('before')} +${range('after')} @@\n${lines.join('')}`;
}

function printRange(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return `${from + 1}`;
  return `${length === 0 ? from : from + 1},${length}`;
}
