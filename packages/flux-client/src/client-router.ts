/**
 * Many clients over one connection to a broker, as `flux proxy` serves them: route ids, credentials, subscriptions,
 * services and disconnects of each client. RFC 3; the broker sees one client.
 */
import { randomUUID } from 'node:crypto';
import { errnoNumber } from '@ebb/flux-formats';
import { RoutedClient } from './client-router-client.ts';
import { Flux } from './flux.ts';
import { FluxError } from './flux-error.ts';
import { type Message, responseTo, serviceOf, textPayload, wantsResponse } from './message.ts';
import type { Transport } from './transport.ts';

export interface ClientCredentials {
  readonly userid: number;
  /** `Role.None`: the broker decides. */
  readonly rolemask: number;
}

export interface ClientRouterOptions {
  /** Told why a client was cut off. */
  readonly log?: ((text: string) => void) | undefined;
}

export class ClientRouter {
  readonly #clients = new Map<string, RoutedClient>();
  /** Service name to the id of the client that offers it. */
  readonly #services = new Map<string, string>();
  /** Topic to how many clients subscribe to it. */
  readonly #subscriptions = new Map<string, number>();
  readonly #log: (text: string) => void;
  #upstream: Transport | undefined;
  #control: Flux | undefined;
  #whenLost: ((error?: Error) => void) | undefined;

  constructor(upstream: Transport, options: ClientRouterOptions = {}) {
    this.#log = options.log ?? (() => {});
    this.#attach(upstream);
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Called when the broker's connection is gone. Without a handler all clients are let go. */
  onLost(handler: (error?: Error) => void): void {
    this.#whenLost = handler;
  }

  /** Goes on over a new connection: subscriptions and services are made again. */
  async reattach(upstream: Transport): Promise<void> {
    const control = this.#attach(upstream);
    const topics = [...this.#subscriptions.keys()].map((topic) => control.rpc('event.subscribe', { topic }));
    const services = [...this.#services.keys()].map((service) => control.rpc('service.add', { service }));
    await Promise.all([...topics, ...services]);
  }

  /** Takes a client whose handshake is done. */
  accept(transport: Transport, credentials: ClientCredentials): void {
    const client = new RoutedClient(randomUUID(), transport, credentials, {
      forward: (message) => this.#upstream?.send(message),
      subscribe: (topic) => this.#subscribe(topic),
      unsubscribe: (topic) => this.#unsubscribe(topic),
      addService: (name) => this.#addService(name, client.uuid),
      removeService: (name) => this.#removeService(name, client.uuid),
    });
    this.#clients.set(client.uuid, client);
    transport.onClose((error) => {
      if (error) this.#log(`client ${client.uuid.slice(0, 8)} cut off: ${error.message}`);
      this.#clients.delete(client.uuid);
      client.leave();
    });
    transport.onMessage((message) => client.receive(message));
  }

  /** Lets all clients go and ends the connection to the broker. */
  close(): void {
    for (const client of [...this.#clients.values()]) client.close();
    this.#upstream?.close();
  }

  // The router's own requests share the connection with its clients': theirs carry a route id, its own none.
  #attach(upstream: Transport): Flux {
    let deliver: (message: Message) => void = () => {};
    let closed: (error?: Error) => void = () => {};
    this.#upstream = upstream;
    this.#control = new Flux({
      send: (message) => upstream.send(message),
      onMessage(handler) {
        deliver = handler;
      },
      onClose(handler) {
        closed = handler;
      },
      close: () => upstream.close(),
    });
    upstream.onClose((error) => {
      closed(error);
      if (this.#upstream !== upstream) return;
      this.#upstream = undefined;
      if (this.#whenLost) this.#whenLost(error);
      else for (const client of [...this.#clients.values()]) client.close();
    });
    upstream.onMessage((message) => {
      if (message.type === 'response' && (message.routes === undefined || message.routes.length === 0))
        deliver(message);
      else this.#receive(message);
    });
    return this.#control;
  }

  #receive(message: Message): void {
    if (message.type === 'response') {
      const [uuid, ...routes] = message.routes!;
      this.#clients.get(uuid!)?.send({ ...message, routes });
    } else if (message.type === 'event') {
      for (const client of this.#clients.values()) client.deliverEvent(message);
    } else if (message.type === 'request') this.#receiveRequest(message);
  }

  #receiveRequest(message: Message): void {
    const client = this.#clients.get(this.#services.get(serviceOf(message.topic!)) ?? '');
    if (client) client.send(message);
    else if (wantsResponse(message)) {
      const text = `No service matching ${message.topic} is registered`;
      this.#upstream?.send(responseTo(message, errnoNumber('ENOSYS'), textPayload(text)));
    }
  }

  #subscribe(topic: string): Promise<unknown> | undefined {
    const count = this.#subscriptions.get(topic) ?? 0;
    this.#subscriptions.set(topic, count + 1);
    return count === 0 ? this.#control?.rpc('event.subscribe', { topic }) : undefined;
  }

  #unsubscribe(topic: string): Promise<unknown> | undefined {
    const count = this.#subscriptions.get(topic) ?? 0;
    if (count > 1) {
      this.#subscriptions.set(topic, count - 1);
      return undefined;
    }
    this.#subscriptions.delete(topic);
    return this.#control?.rpc('event.unsubscribe', { topic });
  }

  async #addService(name: string, uuid: string): Promise<FluxError | undefined> {
    if (this.#services.has(name)) return new FluxError('EEXIST');
    this.#services.set(name, uuid);
    try {
      await this.#control?.rpc('service.add', { service: name });
      return undefined;
    } catch (error) {
      this.#services.delete(name);
      return error as FluxError;
    }
  }

  async #removeService(name: string, uuid: string): Promise<FluxError | undefined> {
    if (this.#services.get(name) !== uuid) return new FluxError('ENOENT');
    this.#services.delete(name);
    try {
      await this.#control?.rpc('service.remove', { service: name });
      return undefined;
    } catch (error) {
      return error as FluxError;
    }
  }
}
