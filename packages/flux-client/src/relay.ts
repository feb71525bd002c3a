/** `flux relay`: carries a connection between two byte streams and a broker's local socket. */
import { createConnection } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { FluxError } from './flux-error.ts';

/**
 * Relays until either side ends. The handshake byte of the broker reaches the other end as it is, so that end learns
 * whether it was let in, and the broker tells what this user may do.
 * @throws FluxError when the socket cannot be reached
 */
export function serveRelay(socketPath: string, input: Readable, output: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(socketPath);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const text = error.code === 'ENOENT' ? `broker socket ${socketPath} was not found` : undefined;
      reject(FluxError.of(error, text));
    });
    socket.once('connect', () => {
      input.pipe(socket);
      socket.pipe(output);
    });
    const end = () => socket.destroy();
    input.once('error', end).once('close', end);
    output.once('error', end).once('close', end);
    socket.once('close', () => {
      input.unpipe(socket);
      input.pause();
      resolve();
    });
  });
}
