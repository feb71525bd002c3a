import { Idset, ResourceSet } from '@ebb/flux-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Policy, planStarts, type RunningJob, type WaitingJob } from './plan.ts';
import { Pool } from './pool.ts';

function pool(coresInAll: number): Pool {
  const made = new Pool(ResourceSet.ofHosts(['a'], Idset.range(0, coresInAll - 1)));
  made.setUp(Idset.of([0]), true);
  return made;
}

function job(id: number, cores: number, duration = 0, priority = 16): WaitingJob {
  const demand = { nodes: 0, slots: cores, coresPerSlot: 1, gpusPerSlot: 0, isExclusive: false, constraint: undefined };
  return { id: BigInt(id), priority, demand, duration };
}

function plan(jobs: WaitingJob[], policy: Policy, running: [cores: number, end: number][] = [], size = 4) {
  const resources = pool(size);
  const held: RunningJob[] = running.map(([cores, end]) => {
    const allocation = resources.find(job(0, cores).demand)!;
    resources.take(allocation);
    return { allocation, end };
  });
  const { starts, estimates } = planStarts(jobs, held, resources, policy, 1000);
  return {
    starts: starts.map(({ job: { id } }) => Number(id)),
    estimates: Object.fromEntries([...estimates].map(([{ id }, time]) => [Number(id), time])),
  };
}

test('by priority, then by id', () => {
  const jobs = [job(3, 1), job(1, 1, 0, 15), job(2, 1, 0, 31)];
  expect(plan(jobs, 'fcfs', [], 2)).toEqual({ starts: [2, 3], estimates: {} });
});

test('first come, first served: nobody passes the first that waits', () => {
  expect(plan([job(1, 4, 50), job(2, 1, 10)], 'fcfs', [[2, 1100]])).toEqual({
    starts: [],
    estimates: { 1: 1100, 2: 1150 },
  });
});

test('EASY: a job passes when it ends before the first can start', () => {
  const running: [number, number][] = [[2, 1100]];
  expect(plan([job(1, 4), job(2, 1, 100)], 'easy', running)).toEqual({ starts: [2], estimates: { 1: 1100 } });
  expect(plan([job(1, 4), job(2, 1, 101)], 'easy', running).starts).toEqual([]);
  expect(plan([job(1, 4), job(2, 1)], 'easy', running).starts).toEqual([]);
});

test('EASY: nobody passes when it is not known when the first can start', () => {
  expect(plan([job(1, 4), job(2, 1, 10)], 'easy', [[2, 0]])).toEqual({ starts: [], estimates: {} });
});

test('EASY: the first waits for as many ends as it needs', () => {
  const running: [number, number][] = [
    [1, 1300],
    [1, 1100],
    [1, 1200],
  ];
  expect(plan([job(1, 3), job(2, 1, 200)], 'easy', running)).toEqual({ starts: [2], estimates: { 1: 1200 } });
});

test('a forecast ends at the first job that says not how long it takes', () => {
  const jobs = [job(1, 4, 10), job(2, 4), job(3, 1, 5)];
  expect(plan(jobs, 'fcfs', [[4, 1100]])).toEqual({ starts: [], estimates: { 1: 1100, 2: 1110 } });
});

test('jobs that just start count as well for when the first can', () => {
  expect(plan([job(1, 2, 50), job(2, 4), job(3, 2, 50)], 'easy')).toEqual({ starts: [1, 3], estimates: { 2: 1050 } });
});

// Time passes event by event; jobs take as long as they say. The head of the queue is never later than it was told.
test('EASY never delays the head, starts every job once, and never takes more than there is', () => {
  const someJob = fc.record({
    cores: fc.integer({ min: 1, max: 8 }),
    duration: fc.integer({ min: 1, max: 100 }),
    arrives: fc.integer({ min: 0, max: 300 }),
  });
  fc.assert(
    fc.property(
      fc.array(someJob, { minLength: 1, maxLength: 30 }),
      fc.constantFrom<Policy>('fcfs', 'easy'),
      (list, policy) => {
        const resources = pool(8);
        const coming = list.map(({ cores, duration, arrives }, index) => ({
          ...job(index + 1, cores, duration),
          arrives,
        }));
        let waiting: WaitingJob[] = [];
        let running: (RunningJob & { cores: number })[] = [];
        const promised = new Map<bigint, number>();
        const started = new Set<bigint>();
        let now = 0;
        while (started.size < list.length || running.length > 0) {
          for (const each of coming) if (each.arrives === now) waiting.push(each);
          for (const each of running) if (each.end === now) resources.release(each.allocation);
          running = running.filter(({ end }) => end > now);
          const { starts, estimates } = planStarts(waiting, running, resources, policy, now);
          const [head, headStart] = [...estimates][0] ?? [];
          for (const { job: each, allocation } of starts) {
            expect(started.has(each.id)).toBe(false);
            started.add(each.id);
            const promise = promised.get(each.id);
            if (promise !== undefined) expect(now).toBeLessThanOrEqual(promise);
            running.push({ allocation, end: now + each.duration, cores: each.demand.slots });
          }
          waiting = waiting.filter(({ id }) => !started.has(id));
          // An earlier id may still come before the head, so that only the first promise to the oldest counts.
          const isOldest = head && !coming.some(({ id, arrives }) => arrives > now && id < head.id);
          if (head && headStart !== undefined && isOldest && !promised.has(head.id)) promised.set(head.id, headStart);
          expect(running.reduce((sum, { cores }) => sum + cores, 0)).toBeLessThanOrEqual(8);
          now++;
        }
      },
    ),
  );
});
