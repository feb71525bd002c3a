/** This process's standard input for several processes: each gets all, no sooner than every one of them has room. */
import type { RemoteProcess } from '@ebb/flux-client';

export class SharedInput {
  readonly #credits = new Map<RemoteProcess, number>();
  readonly #flowControl: boolean;
  #waiting = Buffer.alloc(0);
  #isReading = false;
  #ended = false;
  #closed = false;

  /** Without flow control all is sent as it comes. */
  constructor(processes: Iterable<RemoteProcess>, flowControl: boolean) {
    for (const process of processes) this.#credits.set(process, 0);
    this.#flowControl = flowControl;
  }

  /** All have started: reads from now on. */
  start(): void {
    if (this.#isReading || this.#credits.size === 0) return;
    this.#isReading = true;
    process.stdin.on('data', (data: Buffer) => {
      this.#waiting = Buffer.concat([this.#waiting, data]);
      this.#pass();
    });
    const end = () => {
      this.#ended = true;
      this.#pass();
    };
    process.stdin.once('end', end).once('error', end);
  }

  /** A process takes so many bytes more. */
  grant(process: RemoteProcess, bytes: number): void {
    const credit = this.#credits.get(process);
    if (credit === undefined) return;
    this.#credits.set(process, credit + bytes);
    this.#pass();
  }

  /** A process has ended. */
  remove(process: RemoteProcess): void {
    this.#credits.delete(process);
    if (this.#credits.size === 0) this.stop();
    else this.#pass();
  }

  stop(): void {
    this.#closed = true;
    process.stdin.removeAllListeners('data');
    process.stdin.pause();
    // What is open keeps the command from ending.
    process.stdin.destroy();
  }

  #pass(): void {
    if (!this.#isReading || this.#closed) return;
    const room = this.#flowControl ? Math.min(...this.#credits.values()) : this.#waiting.length;
    const part = this.#waiting.subarray(0, room);
    this.#waiting = this.#waiting.subarray(part.length);
    for (const [process, credit] of this.#credits) {
      if (part.length > 0) process.write(part);
      this.#credits.set(process, credit - part.length);
    }
    if (this.#waiting.length > 0) process.stdin.pause();
    else if (!this.#ended) process.stdin.resume();
    else {
      this.#closed = true;
      for (const process of this.#credits.keys()) process.closeInput();
    }
  }
}
