/** The responses of a streaming RPC as an async iterator. */
import { errnoNumber } from '@ebb/flux-formats';
import { FluxError } from './flux-error.ts';
import type { Message } from './message.ts';

const enodata = errnoNumber('ENODATA');
/** A reader that lets so many responses pile up is cut off with an error. */
const mostQueued = 1 << 20;

interface Reader<T> {
  resolve(result: IteratorResult<T>): void;
  reject(error: Error): void;
}

export class ResponseStream<T> implements AsyncIterableIterator<T> {
  // `isOver`: the service has ended the stream itself.
  readonly #onDone: (isOver: boolean) => void;
  readonly #convert: (response: Message) => T;
  // A ring would do the same; taking from the front of a short array costs little, and `#head` spares the long one.
  #queue: Message[] = [];
  #head = 0;
  #waiting: Reader<T>[] = [];
  #end: { error?: FluxError } | undefined;

  constructor(convert: (response: Message) => T, onDone: (isOver: boolean) => void) {
    this.#convert = convert;
    this.#onDone = onDone;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Takes a response of the service. */
  push(response: Message): void {
    if (this.#end) return;
    const reader = this.#waiting.shift();
    if (reader) this.#give(response, reader);
    else if (this.#queue.push(response) - this.#head > mostQueued) {
      this.stop(new FluxError('EOVERFLOW', `${mostQueued} responses were not read`));
    }
  }

  /** Takes the service's end of the stream. */
  finish(error: FluxError): void {
    this.#close(error.errno === enodata ? {} : { error }, true);
  }

  /** Ends the stream from this side; what is queued is still read first. */
  stop(error: FluxError): void {
    this.#close({ error }, false);
  }

  async next(): Promise<IteratorResult<T>> {
    const response = this.#queue[this.#head];
    if (response) {
      this.#queue[this.#head++] = undefined as unknown as Message;
      if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      return { value: this.#convert(response), done: false };
    }
    if (this.#end) return this.#ended();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<T>> {
    this.#queue = [];
    this.#head = 0;
    this.#close({}, false);
    return { value: undefined, done: true };
  }

  #give(response: Message, reader: Reader<T>): void {
    try {
      reader.resolve({ value: this.#convert(response), done: false });
    } catch (error) {
      reader.reject(error as Error);
    }
  }

  #close(end: { error?: FluxError }, isOver: boolean): void {
    if (this.#end) return;
    this.#end = end;
    this.#onDone(isOver);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve, reject } of waiting) this.#ended().then(resolve, reject);
  }

  // The error is thrown once; after it the iterator is at its end, as iterators are.
  async #ended(): Promise<IteratorResult<T>> {
    const error = this.#end?.error;
    if (!error) return { value: undefined, done: true };
    this.#end = {};
    throw error;
  }
}
