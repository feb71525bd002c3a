/**
 * Many clients over one connection to a broker, as `flux proxy` serves them: route ids, credentials, subscriptions,
 * services and disconnects of each client. RFC 3; the broker sees one client.
 */
import { randomUUID } from 'node:crypto';
import { errnoNumber } from '@ebb/flux-formats';
import { RoutedClient } from './client-router-client.ts';
import { OpenRequests } from './client-router-requests.ts';
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
  readonly #requests = new OpenRequests();
  /** While there is no broker: what goes to it when there is one again, and who waits for that. */
  #outage: { readonly messages: Message[]; readonly over: Promise<void>; readonly end: () => void } | undefined;

  constructor(upstream: Transport, options: ClientRouterOptions = {}) {
    this.#log = options.log ?? (() => {});
    this.#attach(upstream);
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /**
   * Called when the broker's connection is gone. Without a handler all clients are let go. With one, requests that are
   * open are answered with ECONNRESET, and what the clients send from then on waits for `reattach` or `close`.
   */
  onLost(handler: (error?: Error) => void): void {
    this.#whenLost = handler;
  }

  /**
   * Goes on over a new connection once its broker runs: subscriptions and services are made again.
   * @throws FluxError when the broker says no, or is lost meanwhile: then try again with another connection
   */
  async reattach(upstream: Transport): Promise<void> {
    const control = this.#attach(upstream);
    try {
      await this.#renew(control);
    } catch (error) {
      // Once more is up to the caller, who knows of it already.
      this.#upstream = undefined;
      upstream.close();
      throw error;
    }
    const outage = this.#outage;
    this.#outage = undefined;
    for (const message of outage?.messages ?? []) this.#forward(message);
    outage?.end();
  }

  async #renew(control: Flux): Promise<void> {
    try {
      await control.rpc('state-machine.wait');
    } catch (error) {
      throw new FluxError((error as FluxError).errno, `state-machine.wait: ${(error as FluxError).message}`);
    }
    const made = new Set<string>();
    for (;;) {
      // More may have been asked for while these were made.
      const topics = [...this.#subscriptions.keys()].filter((topic) => !made.has(`event ${topic}`));
      const services = [...this.#services.keys()].filter((service) => !made.has(`service ${service}`));
      if (topics.length + services.length === 0) return;
      await Promise.all([
        ...topics.map((topic) => control.rpc('event.subscribe', { topic })),
        ...services.map((service) => control.rpc('service.add', { service })),
      ]);
      for (const topic of topics) made.add(`event ${topic}`);
      for (const service of services) made.add(`service ${service}`);
    }
  }

  /** Takes a client whose handshake is done. */
  accept(transport: Transport, credentials: ClientCredentials): void {
    const client = new RoutedClient(randomUUID(), transport, credentials, {
      forward: (message) => this.#forward(message),
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
      this.#requests.forget(client.uuid);
    });
    transport.onMessage((message) => client.receive(message));
  }

  /** Lets all clients go and ends the connection to the broker. */
  close(): void {
    this.#letClientsGo();
    this.#outage?.end();
    this.#upstream?.close();
  }

  #letClientsGo(): void {
    for (const client of [...this.#clients.values()]) client.close();
  }

  #forward(message: Message): void {
    if (this.#outage) this.#outage.messages.push(message);
    else {
      this.#requests.note(message);
      this.#upstream?.send(message);
    }
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
      if (!this.#whenLost) this.#letClientsGo();
      else if (!this.#outage) {
        this.#beginOutage();
        this.#whenLost(error);
      }
    });
    upstream.onMessage((message) => {
      if (message.type === 'response' && (message.routes === undefined || message.routes.length === 0))
        deliver(message);
      else this.#receive(message);
    });
    return this.#control;
  }

  #beginOutage(): void {
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#outage = { messages: [], over, end };
    for (const response of this.#requests.reset()) this.#receive(response);
  }

  #receive(message: Message): void {
    if (message.type === 'response') {
      this.#requests.settle(message);
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
    if (count > 0) return undefined;
    return this.#outage ? this.#outage.over : this.#control?.rpc('event.subscribe', { topic });
  }

  #unsubscribe(topic: string): Promise<unknown> | undefined {
    const count = this.#subscriptions.get(topic) ?? 0;
    if (count > 1) {
      this.#subscriptions.set(topic, count - 1);
      return undefined;
    }
    this.#subscriptions.delete(topic);
    return this.#outage ? undefined : this.#control?.rpc('event.unsubscribe', { topic });
  }

  async #addService(name: string, uuid: string): Promise<FluxError | undefined> {
    if (this.#services.has(name)) return new FluxError('EEXIST');
    this.#services.set(name, uuid);
    try {
      await (this.#outage ? this.#outage.over : this.#control?.rpc('service.add', { service: name }));
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
      if (!this.#outage) await this.#control?.rpc('service.remove', { service: name });
      return undefined;
    } catch (error) {
      return error as FluxError;
    }
  }
}
