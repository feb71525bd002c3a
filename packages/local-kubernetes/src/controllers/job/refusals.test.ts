import { expect, it } from 'vitest';
import { Refusals } from './refusals.ts';

const at = (ms: number) => new Date(1_000_000 + ms);

it('waits twice as long each time in a row, up to a minute, and anew once it went well', () => {
  const refusals = new Refusals();
  const waits = Array.from({ length: 8 }, () => refusals.note('job', at(0)));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  expect(refusals.note('other', at(0))).toBe(1000);
  refusals.forget('job');
  expect(refusals.note('job', at(0))).toBe(1000);
});

it('lets nobody ask within a second', () => {
  const refusals = new Refusals();
  expect(refusals.waitMs('job', at(0))).toBe(0);
  refusals.note('job', at(0));
  expect([0, 400, 1000, 5000].map((ms) => refusals.waitMs('job', at(ms)))).toEqual([1000, 600, 0, 0]);
});
