// Ports of this machine that lead into a pod (containers[].ports[].hostPort). TCP; admission refuses the others.

import { createServer, type Server, type Socket } from 'node:net';
import type { Pod } from '../pod-types.ts';

export interface HostPort {
  readonly hostIP: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

/** What a pod asks for; one in the node's network has its ports there anyway. */
export function hostPortsOf({ spec }: Pod): HostPort[] {
  if (spec.hostNetwork) return [];
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...sidecars, ...spec.containers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostIP = '0.0.0.0', hostPort, containerPort }) =>
      hostPort ? [{ hostIP: hostIP || '0.0.0.0', hostPort, containerPort }] : [],
    ),
  );
}

/**
 * Listens on all of them.
 * @param dial connects to a port of the pod, for who comes from an address
 * @returns what closes them
 * @throws Error where one is taken
 */
export async function openHostPorts(
  ports: readonly HostPort[],
  dial: (port: number, from: string) => Promise<Socket>,
): Promise<() => void> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const close = (): void => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  };
  const join = (client: Socket, containerPort: number): void => {
    sockets.add(client);
    client.on('error', () => {}).once('close', () => sockets.delete(client));
    dial(containerPort, client.remoteAddress ?? '').then(
      (target) => {
        target.allowHalfOpen = true;
        sockets.add(target);
        target.on('error', () => client.destroy()).once('close', () => sockets.delete(target));
        client.once('close', () => target.destroy());
        client.pipe(target).pipe(client);
      },
      () => client.destroy(),
    );
  };
  try {
    for (const { hostIP, hostPort, containerPort } of ports) {
      const server = createServer({ allowHalfOpen: true }, (client) => join(client, containerPort));
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(hostPort, hostIP, resolve);
      });
      servers.push(server);
    }
    return close;
  } catch (error) {
    close();
    throw error;
  }
}
