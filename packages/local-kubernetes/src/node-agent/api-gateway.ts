// Lets pods reach an API server that listens on this machine alone: what they send to their gateway goes on to it as it
// is, TLS and all. They call it by the name that its certificate has.

import { connect, createServer, type Socket } from 'node:net';

/** A name that certificates of API servers have, whatever address they are reached at. */
export const apiServiceName = 'kubernetes.default.svc';

export interface ApiGateway {
  /** Where pods reach the API server. */
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** @param address of this machine, as pods see it. Rejects when nothing can listen there */
export async function startApiGateway(address: string, api: { host: string; port: number }): Promise<ApiGateway> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: api.host, port: api.port, allowHalfOpen: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        if (!socket.readableEnded) other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => resolve());
  });
  return {
    address,
    port: (server.address() as { port: number }).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
