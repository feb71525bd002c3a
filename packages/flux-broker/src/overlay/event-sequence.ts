// Watches the numbers of the events that come down the tree: each one higher than the one before (RFC 3).
import { LogLevel } from '../module.ts';

export class EventSequence {
  #last = 0;

  /** Takes note of an event, and says what is wrong with its number. What was missed before the first is no loss. */
  check(sequence: number): { level: number; text: string } | undefined {
    if (sequence <= this.#last) return { level: LogLevel.debug, text: `duplicate event ${sequence}` };
    const first = this.#last + 1;
    const lost = this.#last === 0 ? 0 : sequence - first;
    this.#last = sequence;
    if (lost === 0) return undefined;
    const text = lost === 1 ? `lost event ${first}` : `lost events ${first}-${sequence - 1}`;
    return { level: LogLevel.err, text };
  }
}
