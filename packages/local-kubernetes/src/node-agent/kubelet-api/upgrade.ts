// From an HTTP upgrade to streams: which protocol a client of the kubelet API speaks, and what it is told if none.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocketServer } from 'ws';
import type { RemoteOptions, RemoteStreams } from './remote-streams.ts';
import { acceptSpdyStreams, spdyProtocols, spdyUpgrade } from './spdy/remote-streams.ts';
import { webSocketStreams } from './websocket-streams.ts';

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly sockets: WebSocketServer;
}

/** Answers an upgrade with an error, as plain HTTP. */
export function refuse(socket: Duplex, code: string, text: string): void {
  socket.end(
    `HTTP/1.1 ${code}\r\nconnection: close\r\ncontent-type: text/plain\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

export function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** The streams of exec or attach; undefined when the client was refused. Rejects when it goes before they are open. */
export async function acceptStreams(
  { request, socket, head, sockets }: Upgrade,
  options: RemoteOptions,
): Promise<RemoteStreams | undefined> {
  const upgrade = request.headers.upgrade?.toLowerCase();
  if (upgrade === 'spdy/3.1') {
    const offered = offeredProtocols(request.headers['x-stream-protocol-version']);
    const protocol = spdyProtocols.find((each) => offered.includes(each));
    if (protocol) return acceptSpdyStreams(socket, head, protocol, options);
    refuse(socket, '403 Forbidden', `none of ${offered.join(', ')} is spoken here, but ${spdyProtocols.join(', ')}`);
  } else if (isWebSocket(request)) {
    const webSocket = await new Promise<Parameters<typeof webSocketStreams>[0]>((resolve) =>
      sockets.handleUpgrade(request, socket, head, resolve),
    );
    return webSocketStreams(webSocket, options);
  } else refuse(socket, '400 Bad Request', `an upgrade to SPDY/3.1 or websocket is wanted, not to ${upgrade}`);
  return undefined;
}

/** Protocols of a header that may stand several times, each a list. */
export function offeredProtocols(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** SPDY inside WebSocket messages, as clients of port-forward speak it with an API server that hands it on. */
export const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
const forwardProtocol = 'portforward.k8s.io';

/** A byte stream, and what of it came with the upgrade. */
export interface Tunnel {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** The bytes of port-forward's SPDY connection; undefined when the client was refused. */
export async function acceptTunnel({ request, socket, head, sockets }: Upgrade): Promise<Tunnel | undefined> {
  const upgrade = request.headers.upgrade?.toLowerCase();
  if (upgrade === 'spdy/3.1') {
    const offered = offeredProtocols(request.headers['x-stream-protocol-version']);
    if (offered.length > 0 && !offered.includes(forwardProtocol)) {
      refuse(socket, '403 Forbidden', `none of ${offered.join(', ')} is spoken here, but ${forwardProtocol}`);
      return undefined;
    }
    socket.write(spdyUpgrade(forwardProtocol));
    return { socket, head };
  }
  const offered = offeredProtocols(request.headers['sec-websocket-protocol']);
  if (upgrade === 'websocket' && offered.includes(tunnelProtocol)) {
    return new Promise((resolve) =>
      sockets.handleUpgrade(request, socket, head, (webSocket) =>
        resolve({ socket: createWebSocketStream(webSocket), head: Buffer.alloc(0) }),
      ),
    );
  }
  refuse(socket, '400 Bad Request', `an upgrade to SPDY/3.1 or ${tunnelProtocol} is wanted, not to ${upgrade}`);
  return undefined;
}
