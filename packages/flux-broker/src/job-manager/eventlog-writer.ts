// Writes events and other job data to the KVS: all that came within one turn in one commit, one commit at a time, so
// that order is kept and thousands of events cost few commits.
import type { Flux } from '@ebb/flux-client';
import { type EventlogEntry, printEvent, printFluid } from '@ebb/flux-formats';

const appendFlag = 32;

interface Operation {
  key: string;
  flags: number;
  dirent: { ver: 1; type: 'val'; data: string };
}

export class EventlogWriter {
  readonly #flux: Flux;
  readonly #failed: (error: Error) => void;
  #texts = new Map<string, string>();
  #committing: Promise<void> | undefined;

  /** @param failed told of a commit that failed: from then on the KVS and the manager know different things */
  constructor(flux: Flux, failed: (error: Error) => void) {
    this.#flux = flux;
    this.#failed = failed;
  }

  append(id: bigint, entry: EventlogEntry): void {
    const key = `${printFluid(id, 'kvs')}.eventlog`;
    this.#texts.set(key, (this.#texts.get(key) ?? '') + printEvent(entry));
    this.#committing ??= this.#commitSoon();
  }

  /** Resolves when all that was appended before is in the KVS. */
  async written(): Promise<void> {
    await this.#committing;
    if (this.#texts.size > 0) await this.written();
  }

  async #commitSoon(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#texts.size > 0) {
      const ops: Operation[] = [];
      for (const [key, text] of this.#texts) {
        const data = Buffer.from(text).toString('base64');
        ops.push({ key, flags: appendFlag, dirent: { ver: 1, type: 'val', data } });
      }
      this.#texts = new Map();
      try {
        await this.#flux.rpc('kvs.commit', { namespace: 'primary', flags: 0, ops, rootref: false });
      } catch (error) {
        this.#failed(error as Error);
      }
    }
    this.#committing = undefined;
  }
}
