import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListedJob } from './job.ts';
import { inactiveOrder, pendingOrder, SortedJobs } from './sorted-jobs.ts';

describe('sorted jobs', () => {
  it.each([
    ['pending', pendingOrder, false],
    ['inactive', inactiveOrder, true],
  ] as const)('are in order after any additions and removals: %s', (_, order, newestFirst) => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 9 })), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const list = new SortedJobs(order, { newestFirst });
        const expected: ListedJob[] = [];
        for (const [index, [action, value]] of all.entries()) {
          if (action === 0 && expected.length > 0) {
            const [job] = expected.splice(value % expected.length, 1);
            expect(list.remove(job!)).toBe(true);
            expect(list.remove(job!)).toBe(false);
            continue;
          }
          const job = new ListedJob(BigInt(index));
          job.priority = value;
          job.t_inactive = value;
          list.add(job);
          expected.push(job);
        }
        expect(list.size).toBe(expected.length);
        expect([...list].map(({ id }) => id)).toEqual(expected.toSorted(order).map(({ id }) => id));
      }),
    );
  });
});
