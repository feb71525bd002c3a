// Lets pods reach an API server that listens on this machine alone: what they send to their gateway goes on to it as it
// is, TLS and all. They call it by the name that its certificate has.

import { type AddressInfo, connect, type Server, type Socket } from 'node:net';

/** A name that certificates of API servers have, whatever address they are reached at. */
export const apiServiceName = 'kubernetes.default.svc';

export interface ApiGateway {
  /** Where pods reach the API server. */
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** @param server that listens where pods can reach it */
export function startApiGateway(server: Server, api: { host: string; port: number }): ApiGateway {
  const sockets = new Set<Socket>();
  server.on('connection', (client: Socket) => {
    client.allowHalfOpen = true;
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
  const { address, port } = server.address() as AddressInfo;
  return {
    address,
    port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
