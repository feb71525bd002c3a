/**
 * One queue of keys. A key waits at most once, is worked on by one worker at a time, and one that is added while it is
 * worked on comes again afterwards. A key that fails comes back after a pause that doubles; all keys together are held to
 * a rate, so that a storm of changes does not become a storm of requests.
 */

export interface WorkQueueOptions {
  /** How many keys are worked on at once. */
  concurrency: number;
  /** Works on a key; the milliseconds after which to look again, or undefined when it is done. */
  work: (key: string) => Promise<number | undefined>;
  /** Whether the error can go away by itself; `false`: the key waits for its next change. */
  isRetryable?: (error: unknown) => boolean;
  /** How long who failed asks to be left alone, in milliseconds; the pause after it is no shorter. */
  retryAfterMs?: (error: unknown) => number | undefined;
  onError?: (key: string, error: unknown, nextMs: number | undefined) => void;
  /** First and longest pause after a failure. */
  backoffMs?: { first: number; most: number };
  /** Keys started per second, and how many at once on top. */
  rate?: { perSecond: number; burst: number };
}

export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  readonly #waiting = new Set<string>();
  readonly #active = new Set<string>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, { timer: NodeJS.Timeout; at: number }>();
  readonly #failures = new Map<string, number>();
  #tokens: number;
  #refilled = Date.now();
  #isStopped = false;
  #paused = false;
  #refillTimer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: WorkQueueOptions) {
    this.#options = {
      isRetryable: () => true,
      retryAfterMs: () => undefined,
      onError: () => {},
      backoffMs: { first: 200, most: 60_000 },
      rate: { perSecond: 50, burst: 200 },
      ...options,
    };
    this.#tokens = this.#options.rate.burst;
  }

  /** Keys that wait to be worked on. */
  get depth(): number {
    return this.#waiting.size;
  }

  add(key: string): void {
    if (this.#isStopped) return;
    this.#cancelTimer(key);
    if (this.#active.has(key)) this.#again.add(key);
    else this.#waiting.add(key);
    this.#pump();
  }

  /** Adds the key later; an earlier time that is set already stays. */
  addAfter(key: string, ms: number): void {
    if (this.#isStopped) return;
    const at = Date.now() + ms;
    const known = this.#timers.get(key);
    if (known && known.at <= at) return;
    this.#cancelTimer(key);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, ms);
    timer.unref();
    this.#timers.set(key, { timer, at });
  }

  /** Forgets a key that is gone. */
  forget(key: string): void {
    this.#failures.delete(key);
    this.#cancelTimer(key);
  }

  /** Keeps keys and starts none, while another operator leads. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pump();
  }

  /** Resolves when no key waits and none is worked on. */
  idle(): Promise<void> {
    if (this.#active.size === 0 && (this.#waiting.size === 0 || this.#paused)) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Starts no more work and waits for what runs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const key of [...this.#timers.keys()]) this.#cancelTimer(key);
    clearTimeout(this.#refillTimer);
    this.#waiting.clear();
    this.#again.clear();
    await this.idle();
  }

  #pump(): void {
    while (!this.#paused && this.#waiting.size > 0 && this.#active.size < this.#options.concurrency) {
      if (!this.#takeToken()) return;
      const key = this.#waiting.values().next().value as string;
      this.#waiting.delete(key);
      this.#active.add(key);
      void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    try {
      const again = await this.#options.work(key);
      this.#failures.delete(key);
      if (again !== undefined) this.addAfter(key, again);
    } catch (error) {
      this.#failed(key, error);
    } finally {
      this.#active.delete(key);
      if (this.#again.delete(key) && !this.#isStopped) this.#waiting.add(key);
      this.#pump();
      if (this.#active.size === 0 && (this.#waiting.size === 0 || this.#paused)) {
        for (const resolve of this.#idle.splice(0)) resolve();
      }
    }
  }

  #failed(key: string, error: unknown): void {
    if (!this.#options.isRetryable(error)) {
      this.#failures.delete(key);
      this.#options.onError(key, error, undefined);
      return;
    }
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const { first, most } = this.#options.backoffMs;
    const pause = Math.min(first * 2 ** Math.min(failures - 1, 30), most);
    const next = Math.min(Math.max(pause, this.#options.retryAfterMs(error) ?? 0), most);
    this.#options.onError(key, error, next);
    this.addAfter(key, next);
  }

  #takeToken(): boolean {
    const { perSecond, burst } = this.#options.rate;
    const now = Date.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilled) / 1000) * perSecond);
    this.#refilled = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return true;
    }
    this.#refillTimer ??= setTimeout(
      () => {
        this.#refillTimer = undefined;
        this.#pump();
      },
      Math.ceil(((1 - this.#tokens) / perSecond) * 1000),
    ).unref();
    return false;
  }

  #cancelTimer(key: string): void {
    const known = this.#timers.get(key);
    if (known) clearTimeout(known.timer);
    this.#timers.delete(key);
  }
}
