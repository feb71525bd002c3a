// Which of the waiting jobs start now (FCFS, and EASY backfill after Mu'alem and Feitelson, IEEE TPDS 12(6), 2001).
import type { Allocation, Demand, Pool } from './pool.ts';

export type Policy = 'fcfs' | 'easy';

export interface WaitingJob {
  readonly id: bigint;
  readonly priority: number;
  readonly demand: Demand;
  /** Seconds; 0 when the job has no time limit. */
  readonly duration: number;
}

export interface RunningJob {
  readonly allocation: Allocation;
  /** Seconds since 1970; 0 when nobody knows. */
  readonly end: number;
}

export interface Start<T extends WaitingJob> {
  readonly job: T;
  readonly allocation: Allocation;
  /** The job that waits first and is not delayed by this one. */
  readonly backfills?: T;
}

export interface Plan<T extends WaitingJob> {
  readonly starts: Start<T>[];
  /** When jobs that wait will start, seconds since 1970, as far as that is known. */
  readonly estimates: ReadonlyMap<T, number>;
}

/**
 * Takes the starting jobs' allocations from `pool`.
 * @param now seconds since 1970
 */
export function planStarts<T extends WaitingJob>(
  waiting: Iterable<T>,
  running: Iterable<RunningJob>,
  pool: Pool,
  policy: Policy,
  now: number,
): Plan<T> {
  const order = [...waiting].sort(bySchedulingOrder);
  const starts: Start<T>[] = [];
  let next = 0;
  for (; next < order.length; next++) {
    const job = order[next]!;
    const allocation = pool.find(job.demand);
    if (!allocation) break;
    pool.take(allocation);
    starts.push({ job, allocation });
  }
  const left = order.slice(next);
  const [head, ...others] = left;
  if (!head) return { starts, estimates: new Map() };
  const known = [...running, ...starts.map(({ job, allocation }) => ({ allocation, end: endOf(job, now) }))];
  if (policy === 'fcfs') return { starts, estimates: forecast(left, known, pool, now) };
  const headStart = earliestStart(head, known, pool, now);
  if (headStart === undefined) return { starts, estimates: new Map() };
  for (const job of others) {
    if (pool.freeCores === 0) break;
    // A job that ends before the head can start takes nothing that the head would have had.
    if (job.duration === 0 || now + job.duration > headStart) continue;
    const allocation = pool.find(job.demand);
    if (!allocation) continue;
    pool.take(allocation);
    starts.push({ job, allocation, backfills: head });
  }
  return { starts, estimates: new Map([[head, headStart]]) };
}

/** When each would start if all that run took as long as they say; up to the first that says nothing. */
function forecast<T extends WaitingJob>(
  waiting: readonly T[],
  running: readonly RunningJob[],
  pool: Pool,
  now: number,
): Map<T, number> {
  const later = pool.copy();
  const ends = running.filter(({ end }) => end > 0);
  const estimates = new Map<T, number>();
  let time = now;
  for (const job of waiting) {
    let allocation = later.find(job.demand);
    while (!allocation) {
      const next = ends.length > 0 ? ends.reduce((a, b) => (b.end < a.end ? b : a)) : undefined;
      if (!next) return estimates;
      ends.splice(ends.indexOf(next), 1);
      time = Math.max(time, next.end);
      later.release(next.allocation);
      allocation = later.find(job.demand);
    }
    later.take(allocation);
    estimates.set(job, time);
    if (job.duration === 0) return estimates;
    ends.push({ allocation, end: time + job.duration });
  }
  return estimates;
}

/** When the job can start if all that run end in their time; undefined when that is not known. */
function earliestStart(job: WaitingJob, running: readonly RunningJob[], pool: Pool, now: number): number | undefined {
  const later = pool.copy();
  for (const { allocation, end } of running.filter(({ end }) => end > 0).sort((a, b) => a.end - b.end)) {
    later.release(allocation);
    if (later.find(job.demand)) return Math.max(end, now);
  }
  return undefined;
}

export function bySchedulingOrder(a: WaitingJob, b: WaitingJob): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function endOf({ duration }: WaitingJob, now: number): number {
  return duration > 0 ? now + duration : 0;
}
