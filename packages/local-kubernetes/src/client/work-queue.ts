// Keys that something has to look at: each at most once in the queue, never by two workers at a time, and again after a
// growing while when the work failed.

export interface WorkQueueOptions {
  readonly workers?: number;
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
  readonly onError?: (key: string, error: unknown) => void;
}

/** What a timer holds; a longer wait is taken in several looks. */
const longestTimerMs = 2 ** 31 - 1;

/** Does the work of a key. A number returned is the milliseconds after which to look again. */
export type Work = (key: string) => Promise<number | undefined>;

export class WorkQueue {
  readonly #work: Work;
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #active = new Set<string>();
  readonly #again = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;
  #idle: (() => void) | undefined;

  constructor(work: Work, options: WorkQueueOptions = {}) {
    this.#work = work;
    this.#options = options;
  }

  add(key: string): void {
    if (this.#stopped) return;
    if (this.#active.has(key)) this.#again.add(key);
    else {
      this.#waiting.add(key);
      queueMicrotask(() => this.#next());
    }
  }

  addAfter(key: string, ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(
      () => {
        this.#timers.delete(key);
        this.add(key);
      },
      Math.min(ms, longestTimerMs),
    );
    this.#timers.set(key, timer);
  }

  /** Takes nothing more and resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#waiting.clear();
    if (this.#active.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  #next(): void {
    if (this.#stopped || this.#active.size >= (this.#options.workers ?? 4)) return;
    const key = this.#waiting.values().next().value;
    if (key === undefined) return;
    this.#waiting.delete(key);
    this.#active.add(key);
    void this.#run(key);
    this.#next();
  }

  async #run(key: string): Promise<void> {
    try {
      const againAfterMs = await this.#work(key);
      this.#failures.delete(key);
      if (againAfterMs !== undefined) this.addAfter(key, againAfterMs);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      this.#options.onError?.(key, error);
      const { firstDelayMs = 20, longestDelayMs = 30_000 } = this.#options;
      this.addAfter(key, Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs));
    }
    this.#active.delete(key);
    if (this.#again.delete(key)) this.add(key);
    if (this.#active.size === 0) this.#idle?.();
    this.#next();
  }
}
