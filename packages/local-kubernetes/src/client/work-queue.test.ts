import { expect, test } from 'vitest';
import { WorkQueue } from './work-queue.ts';

test('a wait longer than a timer holds is not cut to nothing', async () => {
  let looks = 0;
  const queue = new WorkQueue(async () => {
    looks++;
    return 31_500_000_000;
  });
  queue.add('a');
  await expect.poll(() => looks).toBe(1);
  // A timer that overflowed would have fired by the time other timers have.
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks).toBe(1);
  await queue.stop();
});

test('a key that is added while it is worked on is worked on once more, never twice at a time', async () => {
  let active = 0;
  let most = 0;
  let runs = 0;
  const queue = new WorkQueue(async () => {
    most = Math.max(most, ++active);
    if (++runs === 1) for (let i = 0; i < 3; i++) queue.add('a');
    await new Promise((resolve) => setImmediate(resolve));
    active--;
    return undefined;
  });
  queue.add('a');
  await expect.poll(() => runs).toBe(2);
  expect(most).toBe(1);
  await queue.stop();
});
