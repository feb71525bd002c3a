// One stream of a SPDY connection: a Duplex that holds its peer to a pace, and lets itself be held to one.

import { Duplex } from 'node:stream';
import { initialWindow } from './frames.ts';

/** Data goes out in frames of at most so many bytes, so that streams share the connection. */
const largestData = 32768;
/** Consumed bytes are told of when they are half of a window. */
const creditStep = initialWindow / 2;

/** What a stream needs of its connection. */
export interface StreamCarrier {
  /** Resolves when the data is handed on, and more may follow. Rejects when the connection is gone. */
  send(data: Buffer, isLast: boolean): Promise<void>;
  /** So many bytes of the stream are consumed, or will never be. */
  credit(bytes: number): void;
  /** The stream was given up before both of its ends. */
  reset(): void;
  closed(): void;
}

export class SpdyStream extends Duplex {
  readonly headers: ReadonlyMap<string, string>;
  readonly #carrier: StreamCarrier;
  #received = 0;
  #credited = 0;
  #hasEnded = false;
  #hasFinished = false;
  #wake: (() => void) | undefined;

  constructor(headers: ReadonlyMap<string, string>, carrier: StreamCarrier) {
    super({ readableHighWaterMark: initialWindow, writableHighWaterMark: largestData, allowHalfOpen: true });
    this.headers = headers;
    this.#carrier = carrier;
    this.on('error', () => {});
  }

  /** Whether the peer has said its last. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether what the peer sends has to wait until somebody reads. */
  get isFull(): boolean {
    return this.readableLength >= initialWindow && !this.destroyed;
  }

  /** Takes what the peer sent. Resolves when there is room for more. */
  async receive(data: Buffer, isLast: boolean): Promise<void> {
    this.#received += data.length;
    if (data.length > 0 && !this.destroyed) this.push(data);
    if (isLast) {
      this.#hasEnded = true;
      this.push(null);
    }
    this.#noteConsumed();
    while (this.isFull) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  override read(size?: number): unknown {
    const data: unknown = super.read(size);
    this.#noteConsumed();
    return data;
  }

  override _read(): void {}

  override _write(data: Buffer, _encoding: string, done: (error?: Error) => void): void {
    void (async () => {
      for (let at = 0; at < data.length; at += largestData) {
        await this.#carrier.send(data.subarray(at, at + largestData), false);
      }
    })().then(() => done(), done);
  }

  override _final(done: (error?: Error) => void): void {
    this.#hasFinished = true;
    this.#carrier.send(Buffer.alloc(0), true).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#noteConsumed();
    if (!this.#hasEnded || !this.#hasFinished) this.#carrier.reset();
    this.#carrier.closed();
    done(error);
  }

  #noteConsumed(): void {
    const consumed = this.#received - (this.destroyed ? 0 : this.readableLength);
    const fresh = consumed - this.#credited;
    if (fresh >= creditStep || (this.destroyed && fresh > 0)) {
      this.#credited = consumed;
      this.#carrier.credit(fresh);
    }
    if (!this.#wake || this.isFull) return;
    this.#wake();
    this.#wake = undefined;
  }
}
