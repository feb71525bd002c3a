// How much may be sent (SPDY draft 3.1, section 2.6.8): a window for each stream and one for the session. Kubernetes'
// own peers neither send nor heed WINDOW_UPDATE, so that only a peer that has spoken of windows is held to have any.

import { initialWindow } from './frames.ts';

const largestWindow = 0x7fffffff;

export class SendWindows {
  #isHeeded = false;
  #initial = initialWindow;
  #session = initialWindow;
  readonly #streams = new Map<number, number>();

  /** Whether the peer has spoken of windows. */
  get isHeeded(): boolean {
    return this.#isHeeded;
  }

  open(streamId: number): void {
    this.#streams.set(streamId, this.#initial);
  }

  close(streamId: number): void {
    this.#streams.delete(streamId);
  }

  /** How many bytes may go out on the stream now. */
  room(streamId: number): number {
    if (!this.#isHeeded) return Number.POSITIVE_INFINITY;
    return Math.max(0, Math.min(this.#session, this.#streams.get(streamId) ?? 0));
  }

  sent(streamId: number, bytes: number): void {
    this.#session -= bytes;
    const window = this.#streams.get(streamId);
    if (window !== undefined) this.#streams.set(streamId, window - bytes);
  }

  /** The peer has room for more, on a stream or (0) the session. False when that is more than a window can be. */
  update(streamId: number, bytes: number): boolean {
    this.#isHeeded = true;
    const window = streamId === 0 ? this.#session : this.#streams.get(streamId);
    if (window === undefined) return true;
    if (bytes === 0 || window + bytes > largestWindow) return false;
    if (streamId === 0) this.#session += bytes;
    else this.#streams.set(streamId, window + bytes);
    return true;
  }

  /** The peer wants windows of another size: those of open streams change by the difference, even below zero. */
  resize(initial: number): void {
    this.#isHeeded = true;
    for (const [id, window] of this.#streams) this.#streams.set(id, window + initial - this.#initial);
    this.#initial = initial;
  }
}
