import { expect, test } from 'vitest';
import { RestartBackoff } from './restart-backoff.ts';

test('doubles up to five minutes, and begins anew after ten minutes of running', () => {
  const backoff = new RestartBackoff();
  const waits = (runs: number) => Array.from({ length: runs }, () => backoff.next() / 1000);
  expect(waits(8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  backoff.ran(600_000);
  expect(waits(1)).toEqual([300]);
  backoff.ran(600_001);
  expect(waits(2)).toEqual([0, 10]);
});
