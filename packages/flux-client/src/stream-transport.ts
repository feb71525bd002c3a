/** Messages over a duplex byte stream, after the connection's handshake. */
import type { Duplex } from 'node:stream';
import { FluxError } from './flux-error.ts';
import type { Message } from './message.ts';
import { frameMessage, MessageFramer } from './message-framer.ts';
import type { Transport } from './transport.ts';

/**
 * Waits for the one byte with which a Flux server accepts a connection, then carries messages.
 * @throws FluxError with the errno that the server sent instead, or ECONNRESET when the stream ends first
 */
export function openStream(stream: Duplex): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const fail = (error?: Error) => reject(new FluxError('ECONNRESET', error?.message));
    stream.once('error', fail);
    stream.once('close', fail);
    stream.once('data', (chunk: Buffer) => {
      stream.pause();
      stream.off('error', fail);
      stream.off('close', fail);
      const answer = chunk[0]!;
      if (answer !== 0) {
        stream.destroy();
        reject(new FluxError(answer));
        return;
      }
      resolve(streamTransport(stream, chunk.subarray(1)));
    });
  });
}

/** Messages over a stream whose handshake is done; `first` are bytes already read. */
export function streamTransport(stream: Duplex, first: Buffer = Buffer.alloc(0)): Transport {
  const framer = new MessageFramer();
  let deliver: (message: Message) => void = () => {};
  let closed: (error?: Error) => void = () => {};
  let ended = false;
  const end = (error?: Error) => {
    if (ended) return;
    ended = true;
    stream.destroy();
    closed(error);
  };
  const receive = (chunk: Buffer) => {
    try {
      for (const message of framer.push(chunk)) deliver(message);
    } catch (error) {
      end(error as Error);
    }
  };
  stream.on('data', receive);
  stream.on('error', end);
  stream.on('end', () => end());
  stream.on('close', () => end());
  stream.pause();
  return {
    send(message) {
      if (!ended) stream.write(frameMessage(message));
    },
    onMessage(handler) {
      deliver = handler;
      // What was read with the handshake comes first.
      queueMicrotask(() => {
        if (first.length > 0) receive(first);
        if (!ended) stream.resume();
      });
    },
    onClose(handler) {
      closed = handler;
    },
    close: () => end(),
  };
}
