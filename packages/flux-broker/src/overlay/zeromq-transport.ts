// The overlay's network over ZeroMQ with CURVE (reference 3.2): ROUTER toward the children, DEALER toward the parent,
// one part per frame of RFC 3. Each side has a context of its own, because looking up the parent's host name blocks
// the context's I/O thread and must not hold up the children.
import { setTimeout as delay } from 'node:timers/promises';
import { decodeFrames, encodeFrames, type Message } from '@ebb/flux-client';
import * as zeromq from 'zeromq';
import type { Certificate } from '../bootstrap/certificate.ts';
import type {
  BindOptions,
  ChildrenHandlers,
  ChildrenSocket,
  ConnectOptions,
  OverlayTransport,
  ParentHandlers,
  ParentSocket,
} from './transport.ts';
import { serveZap } from './zap.ts';

/** How long a closing socket may still send what is queued. */
const lingerMs = 50;
const reconnectMinMs = 50;
const reconnectMaxMs = 2_000;
/** Longer frames than this are no Flux message (a blob is at most 1 GiB). */
const maxFrameBytes = 2 ** 30 + 2 ** 16;
const domain = 'flux';

export class ZeromqTransport implements OverlayTransport {
  readonly #certificate: Certificate;
  readonly #authorized: Set<string>;

  constructor(certificate: Certificate) {
    this.#certificate = certificate;
    this.#authorized = new Set();
  }

  authorize(publicKey: string): void {
    this.#authorized.add(publicKey);
  }

  async bind(options: BindOptions, handlers: ChildrenHandlers): Promise<ChildrenSocket> {
    const context = new zeromq.Context();
    const zap = await serveZap(context, domain, this.#authorized);
    const socket = new zeromq.Router({
      context,
      mandatory: true,
      sendTimeout: 0,
      sendHighWaterMark: 0,
      receiveHighWaterMark: options.receiveLimit,
      linger: lingerMs,
      ipv6: options.ipv6,
      maxMessageSize: maxFrameBytes,
      tcpMaxRetransmitTimeout: options.tcpUserTimeoutMs,
      zapDomain: domain,
      curveServer: true,
      curvePublicKey: this.#certificate.publicKey,
      curveSecretKey: this.#certificate.secretKey,
    });
    socket.events.on('disconnect', () => handlers.onConnectionLost());
    socket.events.on('handshake:error:auth', ({ address }) => handlers.onHostile(address, 'its key is not authorized'));
    socket.events.on('handshake:error:protocol', ({ address }) =>
      handlers.onHostile(address, 'it does not speak ZMTP'),
    );
    socket.events.on('handshake:error:other', ({ address }) => handlers.onHostile(address, 'its handshake failed'));
    await bindInTime(socket, options.endpoint);
    const endpoint = socket.lastEndpoint ?? options.endpoint;
    void readRouter(socket, handlers);
    return {
      endpoint,
      send(peer, message) {
        if (socket.closed) return;
        socket.send([peer, ...encodeFrames(message)]).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'EHOSTUNREACH') handlers.onUnreachable(peer);
        });
      },
      async close() {
        socket.close();
        zap.close();
        await delay(0);
      },
    };
  }

  async connect(options: ConnectOptions, handlers: ParentHandlers): Promise<ParentSocket> {
    const socket = new zeromq.Dealer({
      context: new zeromq.Context(),
      routingId: options.uuid,
      sendTimeout: 0,
      sendHighWaterMark: 0,
      receiveHighWaterMark: 0,
      linger: lingerMs,
      ipv6: options.ipv6,
      maxMessageSize: maxFrameBytes,
      reconnectInterval: reconnectMinMs,
      reconnectMaxInterval: reconnectMaxMs,
      connectTimeout: options.connectTimeoutMs,
      tcpMaxRetransmitTimeout: options.tcpUserTimeoutMs,
      zapDomain: domain,
      curveServer: false,
      curveServerKey: options.parentKey ?? this.#certificate.publicKey,
      curvePublicKey: this.#certificate.publicKey,
      curveSecretKey: this.#certificate.secretKey,
    });
    socket.events.on('disconnect', () => handlers.onConnectionLost());
    socket.events.on('handshake', () => handlers.onConnected());
    const refused = `${options.endpoint} refused the handshake: do both sides use the same curve_cert?`;
    socket.events.on('handshake:error:auth', () => handlers.onTrouble(refused));
    socket.events.on('handshake:error:protocol', () => handlers.onTrouble(refused));
    socket.connect(options.endpoint);
    void readDealer(socket, handlers);
    return {
      send(message) {
        if (!socket.closed) socket.send(encodeFrames(message)).catch(() => {});
      },
      async close() {
        socket.close();
        await delay(0);
      },
    };
  }
}

/** A port may still be held for a moment by the broker that ran here before. */
async function bindInTime(socket: zeromq.Router, endpoint: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await socket.bind(endpoint);
      return;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' || attempt >= 20) throw new Error(`error binding to ${endpoint}: ${message}`);
      await delay(100);
    }
  }
}

async function readRouter(socket: zeromq.Router, handlers: ChildrenHandlers): Promise<void> {
  try {
    for await (const [id, ...frames] of socket) {
      const peer = id!.toString('utf8');
      const message = decode(frames, (reason) => handlers.onHostile(peer, reason));
      if (message) handlers.onMessage(peer, message);
    }
  } catch (error) {
    if (!socket.closed) throw error;
  }
}

async function readDealer(socket: zeromq.Dealer, handlers: ParentHandlers): Promise<void> {
  try {
    for await (const frames of socket) {
      const message = decode(frames, (reason) => handlers.onHostile(reason));
      if (message) handlers.onMessage(message);
    }
  } catch (error) {
    if (!socket.closed) throw error;
  }
}

function decode(frames: Buffer[], refuse: (reason: string) => void): Message | undefined {
  try {
    return decodeFrames(frames);
  } catch (error) {
    refuse((error as Error).message);
    return undefined;
  }
}
