/** A Unix socket at which Flux clients are taken: the handshake byte, then messages. For the user's own processes. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { streamTransport } from './stream-transport.ts';
import type { Transport } from './transport.ts';

export interface SocketServer {
  readonly path: string;
  /** Ends all connections and removes the socket. */
  close(): Promise<void>;
}

/** Listens at `path`, which only this user may connect to; `accept` gets each client. */
export async function serveSocket(path: string, accept: (client: Transport) => void): Promise<SocketServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.write(Buffer.of(0));
    accept(streamTransport(socket));
  });
  rmSync(path, { force: true });
  await listen(server, path);
  return {
    path,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      rmSync(path, { force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  // The socket is never open to others, not even between its making and the chmod.
  const before = process.umask(0o177);
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  }).finally(() => process.umask(before));
}
