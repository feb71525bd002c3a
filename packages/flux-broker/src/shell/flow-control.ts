// Holds the tasks of a job back while the KVS takes their output more slowly than it comes.
import type { GuestEntry } from './shell-messages.ts';

/** Characters on their way to the KVS at which reading stops, and at which it goes on. */
const high = 8 * 1024 * 1024;
const low = high / 4;

export class FlowControl {
  readonly #pause: (isPaused: boolean) => void;
  #sent = 0;
  #written = 0;
  #isPaused = false;

  constructor(pause: (isPaused: boolean) => void) {
    this.#pause = pause;
  }

  sent(entries: readonly GuestEntry[]): void {
    this.#sent += sizeOf(entries);
    this.#decide();
  }

  /** Characters in the KVS, from the first one on. */
  written(total: number): void {
    this.#written = total;
    this.#decide();
  }

  #decide(): void {
    const underway = this.#sent - this.#written;
    if (this.#isPaused ? underway > low : underway < high) return;
    this.#isPaused = !this.#isPaused;
    this.#pause(this.#isPaused);
  }
}

/** Characters of all entries. */
export function sizeOf(entries: readonly GuestEntry[]): number {
  return entries.reduce((sum, [, text]) => sum + text.length, 0);
}
