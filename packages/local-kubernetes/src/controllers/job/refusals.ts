// When to ask again for pods of a Job that were refused, by a quota or another rule of the namespace: after a second, and
// after twice as long each time in a row. Who hears of a change of the Job's pods may ask sooner, though not at once.
// Facts: k8s.io/kubernetes pkg/controller/job (DefaultJobApiBackOff, MaxJobApiBackOff, syncJobBatchPeriod).

const firstMs = 1000;
const longestMs = 60_000;
const soonestMs = 1000;

interface Refusal {
  readonly times: number;
  readonly atMs: number;
}

export class Refusals {
  readonly #byJob = new Map<string, Refusal>();

  /** @returns how long to wait if nothing happens until then */
  note(uid: string, now: Date): number {
    const times = (this.#byJob.get(uid)?.times ?? 0) + 1;
    this.#byJob.set(uid, { times, atMs: now.getTime() });
    return Math.min(firstMs * 2 ** (times - 1), longestMs);
  }

  /** How long it is too early to ask again, in milliseconds. */
  waitMs(uid: string, now: Date): number {
    const refusal = this.#byJob.get(uid);
    return refusal ? Math.max(0, refusal.atMs + soonestMs - now.getTime()) : 0;
  }

  forget(uid: string): void {
    this.#byJob.delete(uid);
  }
}
