/** Messages over a duplex byte stream, and the handshake before them. */
import type { Duplex } from 'node:stream';
import { FluxError } from './flux-error.ts';
import type { Message } from './message.ts';
import { frameMessage, MessageFramer } from './message-framer.ts';
import type { Transport } from './transport.ts';

/** A peer that lets so many bytes pile up unread is cut off. */
export const mostUnsentBytes = 512 * 1024 * 1024;

/**
 * Waits for the one byte with which a Flux server accepts a connection, then carries messages.
 * @throws FluxError with the errno that the server sent instead, or ECONNRESET when the stream ends first
 */
export function openStream(stream: Duplex): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const stopWaiting = () => {
      stream.off('error', failed).off('close', failed).off('end', failed).off('readable', readable);
    };
    const failed = (error?: Error) => {
      stopWaiting();
      abandon(stream);
      reject(new FluxError('ECONNRESET', error?.message, { cause: error }));
    };
    const readable = () => {
      const answer = (stream.read(1) as Buffer | null)?.[0];
      if (answer === undefined) return;
      stopWaiting();
      if (answer === 0) resolve(streamTransport(stream));
      else {
        abandon(stream);
        reject(new FluxError(answer));
      }
    };
    stream.on('error', failed).on('close', failed).on('end', failed).on('readable', readable);
  });
}

// What becomes of a stream that was given up is of no interest, but an error without a listener would end the process.
function abandon(stream: Duplex): void {
  stream.on('error', () => {});
  stream.destroy();
}

/** Messages over a stream whose handshake is done. Reading begins with `onMessage`. */
export function streamTransport(stream: Duplex): Transport {
  const framer = new MessageFramer();
  const outbox = new Outbox(stream, () => end(new FluxError('EMSGSIZE', 'the peer does not read what it is sent')));
  let deliver: ((message: Message) => void) | undefined;
  let closed: ((error?: Error) => void) | undefined;
  let reason: { error?: Error } | undefined;
  const end = (error?: Error) => {
    if (reason) return;
    reason = error ? { error } : {};
    stream.destroy();
    closed?.(error);
  };
  const receive = (chunk: Buffer) => {
    if (reason) return;
    let messages: Message[];
    try {
      messages = framer.push(chunk);
    } catch (error) {
      end(error as Error);
      return;
    }
    for (const message of messages) if (!reason) deliver!(message);
  };
  stream.on('error', end);
  stream.on('end', () => end());
  stream.on('close', () => end());
  return {
    send(message) {
      if (!reason) outbox.write(frameMessage(message));
    },
    onMessage(handler) {
      deliver = handler;
      stream.on('data', receive);
      stream.resume();
    },
    onClose(handler) {
      closed = handler;
      // Who comes late is told too.
      if (reason) queueMicrotask(() => handler(reason!.error));
    },
    close() {
      if (reason) return;
      reason = {};
      // What was sent goes out first; a peer that does not take it in time is left.
      outbox.flush();
      stream.end();
      const timer = setTimeout(() => stream.destroy(), closeTimeMs);
      stream.once('close', () => clearTimeout(timer));
      stream.resume();
      stream.once('finish', () => stream.destroy());
      queueMicrotask(() => closed?.());
    },
  };
}

const closeTimeMs = 5000;

/** Gathers the messages of one turn into one write: a system call for many of them. */
class Outbox {
  readonly #stream: Duplex;
  readonly #onFull: () => void;
  #isCorked = false;

  constructor(stream: Duplex, onFull: () => void) {
    this.#stream = stream;
    this.#onFull = onFull;
  }

  write(bytes: Buffer): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#stream.cork();
      process.nextTick(() => this.flush());
    }
    this.#stream.write(bytes);
    if (this.#stream.writableLength > mostUnsentBytes) this.#onFull();
  }

  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#stream.uncork();
  }
}
