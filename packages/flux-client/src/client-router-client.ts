/** One client of a `ClientRouter`: what its messages become on the way to the broker, and what is left when it goes. */
import { FluxError } from './flux-error.ts';
import {
  Flag,
  goesUpstream,
  type Message,
  payloadJson,
  Role,
  responseTo,
  serviceOf,
  textPayload,
  unknownUser,
  wantsResponse,
} from './message.ts';
import type { Transport } from './transport.ts';

/** What a client needs of its router. */
export interface RouterSide {
  forward(message: Message): void;
  subscribe(topic: string): Promise<unknown> | undefined;
  unsubscribe(topic: string): Promise<unknown> | undefined;
  addService(name: string): Promise<FluxError | undefined>;
  removeService(name: string): Promise<FluxError | undefined>;
}

const longestTopic = 255;
/** Services at ranks that one client may ask before it is told to stop; each is remembered until it goes. */
const mostDisconnects = 100_000;

export class RoutedClient {
  readonly uuid: string;
  readonly #transport: Transport;
  readonly #userid: number;
  readonly #rolemask: number;
  readonly #router: RouterSide;
  readonly #subscriptions = new Map<string, number>();
  readonly #services = new Set<string>();
  /** What tells each service that this client used that it is gone. */
  readonly #disconnects = new Map<string, Message>();

  constructor(
    uuid: string,
    transport: Transport,
    credentials: { readonly userid: number; readonly rolemask: number },
    router: RouterSide,
  ) {
    this.uuid = uuid;
    this.#transport = transport;
    this.#userid = credentials.userid;
    this.#rolemask = credentials.rolemask;
    this.#router = router;
  }

  send(message: Message): void {
    this.#transport.send(message);
  }

  close(): void {
    this.#transport.close();
  }

  deliverEvent(event: Message): void {
    if (event.flags & Flag.Private && !this.#isOwner && event.userid !== this.#userid) return;
    for (const prefix of this.#subscriptions.keys()) {
      if (!event.topic!.startsWith(prefix)) continue;
      this.send(event);
      return;
    }
  }

  receive(message: Message): void {
    this.#credential(message);
    if (message.type !== 'request') {
      if (message.type !== 'control') this.#router.forward(message);
      return;
    }
    switch (message.topic) {
      case 'event.subscribe':
        void this.#answered(message, () => this.#subscribe(nameIn(message, 'topic')));
        return;
      case 'event.unsubscribe':
        void this.#answered(message, () => this.#unsubscribe(nameIn(message, 'topic')));
        return;
      case 'service.add':
        void this.#answered(message, () => this.#addService(nameIn(message, 'service')));
        return;
      case 'service.remove':
        void this.#answered(message, () => this.#removeService(nameIn(message, 'service')));
        return;
      default:
        this.#forwardRequest(message);
    }
  }

  /** Undoes what the client did: its services, its subscriptions, and its requests that are still open. */
  leave(): void {
    for (const message of this.#disconnects.values()) this.#router.forward(message);
    this.#disconnects.clear();
    for (const name of this.#services) void this.#router.removeService(name);
    this.#services.clear();
    // The broker may be gone as well: then there is nothing to take back.
    for (const topic of this.#subscriptions.keys()) this.#router.unsubscribe(topic)?.catch(() => {});
    this.#subscriptions.clear();
  }

  // The broker decides about roles that are none.
  get #isOwner(): boolean {
    return this.#rolemask === Role.None || (this.#rolemask & Role.Owner) !== 0;
  }

  #credential(message: Message): void {
    if (!this.#isOwner) {
      message.userid = this.#userid;
      message.rolemask = this.#rolemask;
      return;
    }
    if (message.userid === unknownUser) message.userid = this.#userid;
    if (message.rolemask === Role.None) message.rolemask = this.#rolemask;
  }

  #forwardRequest(message: Message): void {
    if (message.topic!.length > longestTopic) {
      this.#refuse(message, new FluxError('EINVAL', `a topic of more than ${longestTopic} bytes`));
      return;
    }
    message.routes = [this.uuid, ...(message.routes ?? [])];
    if (wantsResponse(message) && !this.#noteDisconnect(message)) {
      message.routes.shift();
      this.#refuse(message, new FluxError('ENOMEM', 'too many services were asked over one connection'));
      return;
    }
    this.#router.forward(message);
  }

  #noteDisconnect(message: Message): boolean {
    const upstream = message.flags & Flag.Upstream;
    const topic = disconnectTopic(message.topic!);
    const key = `${topic}:${message.aux1}:${goesUpstream(message)}`;
    if (this.#disconnects.has(key)) return true;
    if (this.#disconnects.size >= mostDisconnects) return false;
    const flags = Flag.NoResponse | upstream;
    const routes = [...message.routes!];
    this.#disconnects.set(key, { ...message, flags, aux2: 0, topic, payload: undefined, routes });
    return true;
  }

  async #subscribe(topic: string): Promise<void> {
    const count = this.#subscriptions.get(topic) ?? 0;
    this.#subscriptions.set(topic, count + 1);
    if (count === 0) await this.#router.subscribe(topic);
  }

  async #unsubscribe(topic: string): Promise<void> {
    const count = this.#subscriptions.get(topic);
    if (count === undefined) throw new FluxError('ENOENT');
    if (count > 1) this.#subscriptions.set(topic, count - 1);
    else {
      this.#subscriptions.delete(topic);
      await this.#router.unsubscribe(topic);
    }
  }

  async #addService(name: string): Promise<void> {
    if (!this.#isOwner && !name.startsWith(`${this.#userid}-`)) throw new FluxError('EPERM');
    const error = await this.#router.addService(name);
    if (error) throw error;
    this.#services.add(name);
  }

  async #removeService(name: string): Promise<void> {
    if (!this.#services.delete(name)) throw new FluxError('ENOENT');
    const error = await this.#router.removeService(name);
    if (error) throw error;
  }

  async #answered(message: Message, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (wantsResponse(message)) this.send({ ...responseTo(message, 0), rolemask: Role.Owner });
    } catch (error) {
      this.#refuse(message, error as Error);
    }
  }

  #refuse(message: Message, error: Error): void {
    if (!wantsResponse(message)) return;
    const flux = error instanceof FluxError ? error : new FluxError('EPROTO', error.message);
    const text = flux.hasText ? textPayload(flux.message) : undefined;
    this.send({ ...responseTo(message, flux.errno, text), rolemask: Role.Owner });
  }
}

/** `a.b.c` becomes `a.b.disconnect`, a topic without dots `disconnect`. */
export function disconnectTopic(topic: string): string {
  const dot = topic.lastIndexOf('.');
  return dot < 0 ? 'disconnect' : `${topic.slice(0, dot)}.disconnect`;
}

function nameIn(message: Message, field: string): string {
  const value = (payloadJson(message) as Record<string, unknown> | null | undefined)?.[field];
  if (typeof value !== 'string') throw new FluxError('EPROTO', `${message.topic}: ${field} must be a string`);
  if (field === 'service' && (value === '' || serviceOf(value) !== value)) {
    throw new FluxError('EINVAL', `${message.topic}: ${field} must be a word without dots`);
  }
  return value;
}
