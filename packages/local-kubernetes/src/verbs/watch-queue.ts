// Between a watch, which gives changes at once, and a reader that takes them one by one.

import type { WatchEvent } from '../client/kubernetes-client.ts';
import { expired } from './status-errors.ts';
import type { WatchedChange } from './watch.ts';

/** How far a reader may fall behind before it is dropped. */
const maxWaiting = 100_000;

export class WatchQueue {
  #waiting: WatchedChange[] = [];
  #isOverflown = false;
  #wake: (() => void) | undefined;

  push(change: WatchedChange): void {
    if (this.#isOverflown) return;
    if (this.#waiting.length >= maxWaiting) {
      this.#isOverflown = true;
      this.#waiting = [];
    } else {
      this.#waiting.push(change);
    }
    this.#wake?.();
  }

  /** Ends when `signal` is aborted. @throws {StatusError} Expired when the reader was too slow */
  async *events(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
    const wake = () => this.#wake?.();
    signal?.addEventListener('abort', wake);
    try {
      while (!signal?.aborted) {
        if (this.#isOverflown) {
          throw expired(`the watch fell more than ${maxWaiting} changes behind and was dropped; list again`);
        }
        const batch = this.#waiting;
        this.#waiting = [];
        for (const { type, text } of batch) {
          yield { type, object: JSON.parse(text) } as WatchEvent;
          if (signal?.aborted) return;
        }
        if (this.#waiting.length > 0) continue;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (signal?.aborted || this.#isOverflown) resolve();
        });
        this.#wake = undefined;
      }
    } finally {
      signal?.removeEventListener('abort', wake);
    }
  }
}
