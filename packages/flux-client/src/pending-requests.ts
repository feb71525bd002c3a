/** The requests of one handle that await responses, by matchtag. RFC 6. */
import { FluxError } from './flux-error.ts';
import { type Message, noMatchtag, payloadText } from './message.ts';

export interface Pending {
  /** Takes a response without error. */
  receive(response: Message): void;
  /** Takes the error that ends the request; ENODATA is the normal end of a stream. */
  fail(error: FluxError): void;
  readonly streaming: boolean;
}

/** More open requests than this on one handle are a leak. */
const mostPending = 1 << 20;

export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  get size(): number {
    return this.#pending.size;
  }

  /** @throws FluxError ENOMEM when there are too many */
  add(pending: Pending): number {
    if (this.#pending.size >= mostPending) throw new FluxError('ENOMEM', `${mostPending} requests await responses`);
    while (this.#next === noMatchtag || this.#pending.has(this.#next)) this.#next = (this.#next + 1) >>> 0;
    const matchtag = this.#next;
    this.#next = (matchtag + 1) >>> 0;
    this.#pending.set(matchtag, pending);
    return matchtag;
  }

  /** Whether there was such a request. */
  remove(matchtag: number): boolean {
    return this.#pending.delete(matchtag);
  }

  fail(matchtag: number, error: FluxError): void {
    const pending = this.#pending.get(matchtag);
    this.#pending.delete(matchtag);
    pending?.fail(error);
  }

  failAll(error: FluxError): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.fail(error);
  }

  /** A response that nobody waits for any more is dropped. */
  receive(response: Message): void {
    const pending = this.#pending.get(response.aux2);
    if (!pending) return;
    // A stream goes on until an error response, as flux-core's clients have it, whatever its other flags say.
    if (response.aux1 !== 0 || !pending.streaming) this.#pending.delete(response.aux2);
    if (response.aux1 === 0) pending.receive(response);
    else pending.fail(new FluxError(response.aux1, errorText(response)));
  }
}

function errorText(message: Message): string | undefined {
  try {
    return payloadText(message);
  } catch {
    return undefined;
  }
}
