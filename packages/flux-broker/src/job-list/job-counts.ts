// How many jobs there are in each state and with each result, in all and by queue (`job-list.job-stats`).
import { JobState } from '@ebb/flux-client';
import type { ListedJob } from './job.ts';

const stateNames = ['depend', 'priority', 'sched', 'run', 'cleanup', 'inactive'] as const;
type StateName = (typeof stateNames)[number];
type ResultName = 'successful' | 'failed' | 'canceled' | 'timeout';

class Counts {
  readonly states = new Map<StateName, number>(stateNames.map((name) => [name, 0]));
  readonly results: Record<ResultName, number> = { successful: 0, failed: 0, canceled: 0, timeout: 0 };
  purged = 0;

  add(job: ListedJob, sign: 1 | -1): void {
    const state = stateNames[Math.log2(job.state) - 1];
    // A new job has not been accepted yet.
    if (!state) return;
    this.states.set(state, this.states.get(state)! + sign);
    if (job.state === JobState.Inactive) this.results[resultOf(job)] += sign;
  }

  print(): object {
    const total = [...this.states.values()].reduce((sum, count) => sum + count, 0);
    return {
      job_states: { ...Object.fromEntries(this.states), total },
      ...this.results,
      inactive_purged: this.purged,
    };
  }
}

function resultOf({ success, exception }: ListedJob): ResultName {
  if (success) return 'successful';
  if (exception?.type === 'cancel') return 'canceled';
  return exception?.type === 'timeout' ? 'timeout' : 'failed';
}

/** Counts of all jobs and of the jobs of each queue. A job is taken out before it changes and put in again after. */
export class JobCounts {
  readonly #all = new Counts();
  readonly #queues = new Map<string, Counts>();

  /** Makes a queue known, so that it is shown before it has jobs. */
  addQueue(name: string): void {
    if (!this.#queues.has(name)) this.#queues.set(name, new Counts());
  }

  add(job: ListedJob): void {
    for (const counts of this.#of(job)) counts.add(job, 1);
  }

  remove(job: ListedJob): void {
    for (const counts of this.#of(job)) counts.add(job, -1);
  }

  /** An inactive job that is forgotten. */
  purge(job: ListedJob): void {
    for (const counts of this.#of(job)) {
      counts.add(job, -1);
      counts.purged++;
    }
  }

  print(): object {
    const queues = [...this.#queues].map(([name, counts]) => ({ ...counts.print(), name }));
    return { ...this.#all.print(), queues };
  }

  #of({ queue }: ListedJob): Counts[] {
    if (queue === undefined) return [this.#all];
    this.addQueue(queue);
    return [this.#all, this.#queues.get(queue)!];
  }
}
