/** Two transports that are each other's peer, in one process: for tests and for services beside their clients. */
import type { Message } from './message.ts';
import type { Transport } from './transport.ts';

class End implements Transport {
  other!: End;
  #handler: ((message: Message) => void) | undefined;
  #closed: ((error?: Error) => void) | undefined;
  #queue: Message[] = [];
  #isOpen = true;

  send(message: Message): void {
    if (this.#isOpen) this.other.#take(message);
  }

  onMessage(handler: (message: Message) => void): void {
    this.#handler = handler;
    this.#drain();
  }

  onClose(handler: (error?: Error) => void): void {
    this.#closed = handler;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    queueMicrotask(() => {
      this.#closed?.();
      this.other.close();
    });
  }

  #take(message: Message): void {
    if (this.#queue.push(message) === 1) queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    if (!this.#handler) return;
    const messages = this.#queue;
    this.#queue = [];
    for (const message of messages) this.#handler(message);
  }
}

/** What one sends the other receives, a moment later. */
export function memoryTransports(): [Transport, Transport] {
  const ends: [End, End] = [new End(), new End()];
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}
