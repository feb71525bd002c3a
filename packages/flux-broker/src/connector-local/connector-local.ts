// The local connector: clients on this machine over a Unix socket (reference 1.3 to 1.5).
//
// Who may connect is decided by the kernel: the socket is made with mode 0600, and connecting needs the right to write
// to it. So a peer is the instance owner, or root. Node cannot read a peer's credentials, and without them guests
// cannot be told apart; `access.allow-guest-user` is therefore refused by name in the log, and guests by the kernel.
import { randomUUID } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { frameMessage, MessageFramer, Role } from '@ebb/flux-client';
import type { BrokerParts } from '../broker-parts.ts';
import { LogLevel } from '../module.ts';
import type { LocalPeer } from '../routing/local-peer.ts';

/** A client that lets this much pile up unread is cut off. */
const maxUnreadBytes = 512 * 2 ** 20;

export class ConnectorLocal {
  readonly #broker: BrokerParts;
  readonly #server: Server;
  readonly #path: string;
  readonly #sockets = new Set<Socket>();

  private constructor(broker: BrokerParts, server: Server, path: string) {
    this.#broker = broker;
    this.#server = server;
    this.#path = path;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** Listens at `path`, whose directory must belong to the owner alone. */
  static async listen(broker: BrokerParts, path: string): Promise<ConnectorLocal> {
    const access = (broker.config.current['access'] ?? {}) as Record<string, unknown>;
    if (access['allow-guest-user'] === true) {
      const text = 'allow-guest-user is not supported: only the instance owner and root are let in';
      broker.log.log('connector-local', LogLevel.debug, text);
    }
    rmSync(path, { force: true });
    const server = createServer({ noDelay: false });
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
        process.umask(umask);
      });
      chmodSync(path, 0o600);
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
    } finally {
      process.umask(umask);
    }
    server.removeAllListeners('error');
    server.on('error', (error) => broker.log.log('connector-local', LogLevel.err, error.message));
    return new ConnectorLocal(broker, server, path);
  }

  /** Lets what is written go out, then ends all connections and removes the socket. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.end(() => socket.destroy());
    await closed;
    rmSync(this.#path, { force: true });
  }

  #accept(socket: Socket): void {
    const uuid = randomUUID();
    const framer = new MessageFramer();
    this.#sockets.add(socket);
    const out = new Outbox(socket, () => this.#cutOff(socket, uuid, 'it does not read what it is sent'));
    const rolemask = Role.Owner | Role.Local;
    const peer: LocalPeer = this.#broker.admit(uuid, this.#broker.options.userid, rolemask, (message) =>
      out.write(frameMessage(message)),
    );
    out.write(Buffer.of(0));
    socket.on('data', (chunk) => {
      try {
        for (const message of framer.push(chunk)) peer.receive(message);
      } catch (error) {
        this.#cutOff(socket, uuid, (error as Error).message);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      peer.close();
    });
  }

  #cutOff(socket: Socket, uuid: string, reason: string): void {
    if (socket.destroyed) return;
    this.#broker.log.log('connector-local', LogLevel.err, `client ${uuid.slice(0, 8)} cut off: ${reason}`);
    socket.destroy();
  }
}

/** Gathers what is written within one turn of the event loop into one write. */
class Outbox {
  readonly #socket: Socket;
  readonly #onFull: () => void;
  #corked = false;

  constructor(socket: Socket, onFull: () => void) {
    this.#socket = socket;
    this.#onFull = onFull;
  }

  write(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return;
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      setImmediate(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    socket.write(bytes);
    if (socket.writableLength > maxUnreadBytes) this.#onFull();
  }
}
