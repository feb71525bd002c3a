// One local party to the broker: a module, an in-process handle, or a client of the local connector. It gets the
// per-connection treatment of RFC 3 and reference 1.5: credentials, its own subscriptions and service names, and
// disconnect messages to every service it used when it goes.
import { Flag, type Message, Role, serviceOf, unknownUser } from '@ebb/flux-client';
import type { SubscriptionIndex } from './subscription-index.ts';
import { deriveResponse, Errno, payloadObject } from './wire.ts';

/** What a party needs of the router that it is at. */
export interface PeerRouter {
  readonly subscriptions: SubscriptionIndex<LocalPeer>;
  /** Milliseconds. */
  now(): number;
  /** True from state init on. */
  isUp(): boolean;
  addPeer(peer: LocalPeer): void;
  /** Its services and subscriptions go with it. */
  removePeer(peer: LocalPeer): void;
  /** False when the name is taken. */
  addService(name: string, peer: LocalPeer): boolean;
  removeService(name: string, peer: LocalPeer): void;
  routeRequest(message: Message): void;
  routeResponse(message: Message): void;
  publishFrom(message: Message): void;
}

export interface PeerOptions {
  uuid: string;
  /** For logs: a module's name, or what is known of a client. */
  name: string;
  userid: number;
  rolemask: number;
  /** Takes a message for this party. Must not call back into the router before returning. */
  deliver(message: Message): void;
  /** Clients are refused until the broker is up, and may not take a role they were not given. */
  isClient: boolean;
}

/** What a client may ask before the broker is in state init (reference 1.5). */
const earlyTopics = new Set(['state-machine.wait', 'state-machine.get', 'attr.get', 'log.dmesg']);

const longestTopic = 255;

export class LocalPeer {
  readonly uuid: string;
  readonly name: string;
  readonly userid: number;
  readonly rolemask: number;
  readonly deliver: (message: Message) => void;
  readonly services = new Set<string>();
  readonly subscriptions = new Map<string, number>();
  /** When it last sent something, in milliseconds of the router's clock. */
  lastSeen: number;
  readonly #router: PeerRouter;
  readonly #isClient: boolean;
  readonly #disconnects = new Map<string, Message>();
  #closed = false;

  constructor(router: PeerRouter, options: PeerOptions) {
    this.uuid = options.uuid;
    this.name = options.name;
    this.userid = options.userid;
    this.rolemask = options.rolemask;
    this.deliver = options.deliver;
    this.#router = router;
    this.#isClient = options.isClient;
    this.lastSeen = router.now();
    router.addPeer(this);
  }

  get isOwner(): boolean {
    return (this.rolemask & Role.Owner) !== 0;
  }

  /** Takes a message that this party sends. */
  receive(message: Message): void {
    if (this.#closed) return;
    this.lastSeen = this.#router.now();
    this.#credential(message);
    switch (message.type) {
      case 'request':
        this.#request(message);
        return;
      case 'response':
        this.#router.routeResponse(message);
        return;
      case 'event':
        delete message.routes;
        this.#router.publishFrom(message);
        return;
      default:
        return;
    }
  }

  /** Ends the party: services and subscriptions go, and the services it used are told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#router.removePeer(this);
    for (const message of this.#disconnects.values()) this.#router.routeRequest(message);
    this.#disconnects.clear();
  }

  /** Ends the party without telling anybody: the broker itself is dead. */
  abandon(): void {
    this.#closed = true;
    this.#router.removePeer(this);
    this.#disconnects.clear();
  }

  #credential(message: Message): void {
    if (!this.isOwner) {
      message.userid = this.userid;
      message.rolemask = this.rolemask;
      return;
    }
    if (message.userid === unknownUser) message.userid = this.userid;
    if (message.rolemask === Role.None) message.rolemask = this.rolemask;
  }

  #request(message: Message): void {
    const topic = message.topic;
    if (topic === undefined || topic.length > longestTopic) {
      this.#refuse(message, Errno.EPROTO);
      return;
    }
    if (this.#isClient && !this.#router.isUp() && !earlyTopics.has(topic)) {
      this.#refuse(message, Errno.EAGAIN, 'Upstream Flux broker is offline. Try again later.');
      return;
    }
    switch (topic) {
      case 'event.subscribe':
        this.#subscribe(message);
        return;
      case 'event.unsubscribe':
        this.#unsubscribe(message);
        return;
      case 'service.add':
        this.#addService(message);
        return;
      case 'service.remove':
        this.#removeService(message);
        return;
    }
    message.routes = message.routes && message.routes.length > 0 ? [this.uuid, ...message.routes] : [this.uuid];
    message.flags |= Flag.Route;
    if (!(message.flags & Flag.NoResponse)) this.#noteDisconnect(message, topic);
    this.#router.routeRequest(message);
  }

  /** Keeps one message for each service and node that this party has asked something. */
  #noteDisconnect(message: Message, topic: string): void {
    const upstream = message.flags & Flag.Upstream;
    const service = serviceOf(topic);
    const key = `${service}:${message.aux1}:${upstream}`;
    if (this.#disconnects.has(key)) return;
    this.#disconnects.set(key, {
      type: 'request',
      flags: Flag.Topic | Flag.Route | Flag.NoResponse | upstream,
      userid: message.userid,
      rolemask: message.rolemask,
      aux1: message.aux1,
      aux2: 0,
      topic: disconnectTopic(topic),
      routes: message.routes!.slice(),
    });
  }

  #subscribe(message: Message): void {
    const topic = stringField(message, 'topic');
    if (topic === undefined) {
      this.#refuse(message, Errno.EPROTO);
      return;
    }
    this.subscriptions.set(topic, (this.subscriptions.get(topic) ?? 0) + 1);
    this.#router.subscriptions.add(topic, this);
    this.#accept(message);
  }

  #unsubscribe(message: Message): void {
    const topic = stringField(message, 'topic');
    const count = topic === undefined ? undefined : this.subscriptions.get(topic);
    if (topic === undefined || count === undefined) {
      this.#refuse(message, Errno.ENOENT);
      return;
    }
    if (count > 1) this.subscriptions.set(topic, count - 1);
    else this.subscriptions.delete(topic);
    this.#router.subscriptions.remove(topic, this);
    this.#accept(message);
  }

  #addService(message: Message): void {
    const name = stringField(message, 'service');
    if (!name || name.includes('.')) {
      this.#refuse(message, Errno.EPROTO);
      return;
    }
    if (!(message.rolemask & Role.Owner) && !name.startsWith(`${message.userid}-`)) {
      this.#refuse(message, Errno.EPERM);
      return;
    }
    if (!this.#router.addService(name, this)) {
      this.#refuse(message, Errno.EEXIST);
      return;
    }
    this.#accept(message);
  }

  #removeService(message: Message): void {
    const name = stringField(message, 'service');
    if (name === undefined) {
      this.#refuse(message, Errno.EPROTO);
      return;
    }
    if (!this.services.has(name)) {
      this.#refuse(message, Errno.ENOENT);
      return;
    }
    this.#router.removeService(name, this);
    this.#accept(message);
  }

  #accept(message: Message): void {
    this.#answer(message, 0);
  }

  #refuse(message: Message, errnum: number, text?: string): void {
    this.#answer(message, errnum, text);
  }

  #answer(message: Message, errnum: number, text?: string): void {
    if (message.flags & Flag.NoResponse) return;
    const response = deriveResponse(message, errnum, text);
    response.rolemask = Role.Owner;
    this.deliver(response);
  }
}

/** `a.b.c` becomes `a.b.disconnect`. */
export function disconnectTopic(topic: string): string {
  const dot = topic.lastIndexOf('.');
  return dot < 0 ? 'disconnect' : `${topic.slice(0, dot)}.disconnect`;
}

function stringField(message: Message, field: string): string | undefined {
  const found = (payloadObject(message) as Record<string, unknown> | null | undefined)?.[field];
  return typeof found === 'string' ? found : undefined;
}
