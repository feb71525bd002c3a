/**
 * Asks anew after each thing that is said, but not too often; and when nothing more is said, once or twice again, because
 * a thing may be said before the numbers that it changes.
 */
import { sleep } from '../kubernetes/informer.ts';

export interface RefresherOptions {
  ask: () => Promise<void>;
  /** Least time between two questions. */
  pauseMs: number;
  /** How long after the last thing that was said to ask again, one after the other. */
  lastLooksMs: readonly number[];
  /** Ends it. */
  signal: AbortSignal;
  onError: (error: Error) => void;
}

export class Refresher {
  readonly #options: RefresherOptions;
  #isStale = false;
  #isRunning = false;
  #said = new AbortController();

  constructor(options: RefresherOptions) {
    this.#options = options;
  }

  /** Something was said. */
  schedule(): void {
    this.#isStale = true;
    this.#said.abort();
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    const { ask, pauseMs, signal, onError } = this.#options;
    try {
      while (this.#isStale && !signal.aborted) {
        this.#isStale = false;
        this.#said = new AbortController();
        await ask();
        await sleep(pauseMs, signal);
        await this.#lookAgain();
      }
    } catch (error) {
      onError(error as Error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #lookAgain(): Promise<void> {
    const { ask, lastLooksMs, signal } = this.#options;
    for (const ms of lastLooksMs) {
      await sleep(ms, AbortSignal.any([signal, this.#said.signal]));
      if (this.#isStale || signal.aborted) return;
      await ask();
    }
  }
}
