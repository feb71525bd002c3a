// A list of jobs in the order in which they are shown.
import type { ListedJob } from './job.ts';

/** Which of two jobs stands first; never 0 for two jobs, so that a job is found again by its place. */
export type JobOrder = (a: ListedJob, b: ListedJob) => number;

const byId = (a: ListedJob, b: ListedJob) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Higher priority first, then the older job. */
export const pendingOrder: JobOrder = (a, b) => b.priority - a.priority || byId(a, b);
/** Started last first. */
export const runningOrder: JobOrder = (a, b) => (b.t_run ?? 0) - (a.t_run ?? 0) || byId(b, a);
/** Ended last first. */
export const inactiveOrder: JobOrder = (a, b) => (b.t_inactive ?? 0) - (a.t_inactive ?? 0) || byId(b, a);

const fewJobs = 32;

/**
 * Jobs come and go by binary search. What the order looks at may change only while the job is not in the list.
 * `newestFirst`: most jobs are added in front, where an array is slow; it is then kept the other way around.
 */
export class SortedJobs {
  readonly #jobs: ListedJob[] = [];
  // Jobs whose place has not been looked for yet: many at once are sorted faster than put in one by one.
  #loose: ListedJob[] = [];
  readonly #order: JobOrder;
  readonly #isReversed: boolean;

  constructor(order: JobOrder, { newestFirst = false }: { newestFirst?: boolean } = {}) {
    this.#order = newestFirst ? (a, b) => order(b, a) : order;
    this.#isReversed = newestFirst;
  }

  get size(): number {
    return this.#jobs.length + this.#loose.length;
  }

  add(job: ListedJob): void {
    const last = this.#jobs.at(-1);
    if (last === undefined || this.#order(last, job) < 0) this.#jobs.push(job);
    else this.#loose.push(job);
  }

  /** False when the job is not in the list. */
  remove(job: ListedJob): boolean {
    this.#settle();
    const place = this.#place(job);
    if (this.#jobs[place] !== job) return false;
    this.#jobs.splice(place, 1);
    return true;
  }

  *[Symbol.iterator](): IterableIterator<ListedJob> {
    this.#settle();
    const { length } = this.#jobs;
    for (let i = 0; i < length; i++) yield this.#jobs[this.#isReversed ? length - 1 - i : i]!;
  }

  #settle(): void {
    const loose = this.#loose;
    if (loose.length === 0) return;
    this.#loose = [];
    if (loose.length < fewJobs) {
      for (const job of loose) this.#jobs.splice(this.#place(job), 0, job);
    } else {
      for (const job of loose) this.#jobs.push(job);
      this.#jobs.sort(this.#order);
    }
  }

  #place(job: ListedJob): number {
    let low = 0;
    let high = this.#jobs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order(this.#jobs[middle]!, job) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
