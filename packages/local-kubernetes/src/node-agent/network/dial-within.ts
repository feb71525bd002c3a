// Connects to a server in a pod as the node does, within a time.

import type { Socket } from 'node:net';

/** What connects as the node does. */
export interface Dialer {
  /** @throws Error with `code` when nobody takes the connection */
  dial(host: string, port: number): Promise<Socket>;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** @throws Error with `tooLate` when the deadline comes first */
export function dialWithin(
  dialer: Dialer,
  { host, port }: Place,
  deadline: AbortSignal,
  tooLate: string,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new Error(tooLate)));
    dialer.dial(host, port).then((socket) => {
      if (deadline.aborted) socket.destroy();
      else resolve(socket);
    }, reject);
  });
}
