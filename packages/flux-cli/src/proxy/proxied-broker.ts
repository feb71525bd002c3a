/** A broker behind a socket of one's own: many clients there, one connection to the broker, made again if asked. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClientRouter, Flux, type FluxError, memoryTransports, openTransport, serveSocket } from '@ebb/flux-client';

const betweenAttemptsMs = 2000;

export interface ProxyOptions {
  /** Connects again when the connection to the broker is lost; otherwise its clients are let go. */
  readonly reconnect: boolean;
  /** Told about losses and reconnections. */
  readonly log: (text: string) => void;
  /** Called when the broker is lost for good. */
  readonly whenLost: () => void;
}

export class ProxiedBroker {
  readonly #router: ClientRouter;
  #server: { close(): Promise<void> } | undefined;
  #isClosed = false;

  private constructor(router: ClientRouter) {
    this.#router = router;
  }

  /** @throws FluxError when the broker cannot be reached */
  static async open(uri: string, options: ProxyOptions): Promise<ProxiedBroker> {
    const router = new ClientRouter(await openTransport(uri), { log: options.log });
    const proxied = new ProxiedBroker(router);
    router.onLost(async (error) => {
      if (proxied.#isClosed) return;
      if (!options.reconnect) {
        options.whenLost();
        return;
      }
      options.log(`broker: ${error?.message ?? 'Connection reset by peer'}`);
      options.log('reconnecting');
      await proxied.#reconnect(uri, options.log);
    });
    return proxied;
  }

  /** A handle of the proxy itself, over the same connection. */
  connect(): Flux {
    const [ours, theirs] = memoryTransports();
    this.#router.accept(theirs, credentials());
    return new Flux(ours);
  }

  /** Takes clients at a socket. @throws when the socket cannot be made */
  async serve(path: string): Promise<void> {
    this.#server = await serveSocket(path, (client) => this.#router.accept(client, credentials()));
  }

  /** Lets all clients go. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#router.close();
    await this.#server?.close();
  }

  async #reconnect(uri: string, log: (text: string) => void): Promise<void> {
    while (!this.#isClosed) {
      // That there is nothing to connect to yet is no news.
      const transport = await openTransport(uri).catch(() => undefined);
      try {
        if (transport) {
          await this.#router.reattach(transport);
          log('reconnected');
          return;
        }
      } catch (error) {
        log((error as FluxError).message);
      }
      await delay(betweenAttemptsMs, undefined, { ref: false });
    }
  }
}

/** Whoever may connect is the user of the proxy; what that user may do, the broker decides. */
function credentials(): { userid: number; rolemask: number } {
  return { userid: process.getuid!(), rolemask: 0 };
}
