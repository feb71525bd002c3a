// Authentication of CURVE clients by their key (ZMQ RFC 27, ZAP 1.0). ZeroMQ asks over an inproc socket for each
// connection; who is not on the list stays out.
import * as zeromq from 'zeromq';
import { z85Encode } from '../bootstrap/z85.ts';

/** Serves until closed. `authorized` holds public keys in Z85 and may change while it serves. */
export async function serveZap(
  context: zeromq.Context,
  domain: string,
  authorized: ReadonlySet<string>,
): Promise<{ close(): void }> {
  const socket = new zeromq.Reply({ context, linger: 0 });
  await socket.bind('inproc://zeromq.zap.01');
  void answer(socket, domain, authorized);
  return { close: () => socket.close() };
}

async function answer(socket: zeromq.Reply, domain: string, authorized: ReadonlySet<string>): Promise<void> {
  try {
    for await (const [version, sequence, theirDomain, , , mechanism, key] of socket) {
      const name = key?.length === 32 ? z85Encode(key) : '';
      const isKnown =
        version?.toString() === '1.0' &&
        theirDomain?.toString() === domain &&
        mechanism?.toString() === 'CURVE' &&
        authorized.has(name);
      const verdict = isKnown ? ['200', 'OK', name] : ['400', 'No access', ''];
      await socket.send(['1.0', sequence ?? '', ...verdict, '']);
    }
  } catch (error) {
    if (!socket.closed) throw error;
  }
}
