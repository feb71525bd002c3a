// Where every message of a broker is decided: to a local service, to a local party, or to the overlay
// (RFC 3; reference 2.2). Holds no connection itself.
import { Flag, type Message, NodeId, Role, serviceOf } from '@ebb/flux-client';
import type { LocalPeer, PeerRouter } from './local-peer.ts';
import { SubscriptionIndex } from './subscription-index.ts';
import { deriveResponse, Errno } from './wire.ts';

/** The way to other brokers. */
export interface Uplink {
  /** Sends a request on its way, or answers it with {@link Router.refuse} when there is none. */
  forwardRequest(message: Message): void;
  /** Sends a response whose newest route is `nextHop`; drops it when that peer is gone. */
  forwardResponse(message: Message, nextHop: string): void;
  /** Sends an unpublished event toward rank 0. */
  forwardEvent(message: Message): void;
  /** Sends a published event to all children. */
  multicast(message: Message): void;
}

export interface RouterOptions {
  rank: number;
  now(): number;
  /** True from state init on. */
  isUp(): boolean;
  uplink: Uplink;
  log(level: number, text: string): void;
}

export class Router implements PeerRouter {
  readonly rank: number;
  readonly now: () => number;
  readonly isUp: () => boolean;
  readonly subscriptions = new SubscriptionIndex<LocalPeer>();
  readonly #uplink: Uplink;
  readonly #log: RouterOptions['log'];
  readonly #peers = new Map<string, LocalPeer>();
  readonly #services = new Map<string, LocalPeer>();
  #sequence = 0;

  constructor(options: RouterOptions) {
    this.rank = options.rank;
    this.now = options.now;
    this.isUp = options.isUp;
    this.#uplink = options.uplink;
    this.#log = options.log;
  }

  get peers(): Iterable<LocalPeer> {
    return this.#peers.values();
  }

  /** The sequence number of the last event that rank 0 published. */
  get eventSequence(): number {
    return this.#sequence;
  }

  addPeer(peer: LocalPeer): void {
    this.#peers.set(peer.uuid, peer);
  }

  removePeer(peer: LocalPeer): void {
    this.#peers.delete(peer.uuid);
    for (const name of peer.services) this.#services.delete(name);
    peer.services.clear();
    this.subscriptions.removeAll(peer, peer.subscriptions.keys());
    peer.subscriptions.clear();
  }

  /** False when the name is taken. */
  addService(name: string, peer: LocalPeer): boolean {
    if (this.#services.has(name)) return false;
    this.#services.set(name, peer);
    peer.services.add(name);
    return true;
  }

  removeService(name: string, peer: LocalPeer): void {
    if (this.#services.get(name) !== peer) return;
    this.#services.delete(name);
    peer.services.delete(name);
  }

  hasService(name: string): boolean {
    return this.#services.has(name);
  }

  routeRequest(message: Message): void {
    const nodeid = message.aux1;
    if (message.flags & Flag.Upstream) {
      if (nodeid !== this.rank && this.#offer(message)) return;
      if (this.rank === 0) this.refuse(message, nodeid === 0 ? Errno.EHOSTUNREACH : Errno.ENOSYS);
      else this.#uplink.forwardRequest(message);
      return;
    }
    if (nodeid === NodeId.Any) {
      if (this.#offer(message)) return;
      if (this.rank === 0) this.refuse(message, Errno.ENOSYS);
      else this.#uplink.forwardRequest(message);
      return;
    }
    if (nodeid === this.rank) {
      if (!this.#offer(message)) this.refuse(message, Errno.ENOSYS);
      return;
    }
    this.#uplink.forwardRequest(message);
  }

  routeResponse(message: Message): void {
    const routes = message.routes;
    const nextHop = routes?.[0];
    if (nextHop === undefined) return;
    const peer = this.#peers.get(nextHop);
    if (!peer) {
      this.#uplink.forwardResponse(message, nextHop);
      return;
    }
    message.routes = routes!.slice(1);
    peer.deliver(message);
  }

  /** Answers a request that cannot be served. */
  refuse(message: Message, errnum: number, text?: string): void {
    if (message.flags & Flag.NoResponse) return;
    const explained =
      text ?? (errnum === Errno.ENOSYS ? `No service matching ${message.topic} is registered` : undefined);
    this.routeResponse(deriveResponse(message, errnum, explained));
  }

  /** Takes an event from a local party that is not published yet. */
  publishFrom(message: Message): void {
    if (this.rank === 0) this.publish(message);
    else this.#uplink.forwardEvent(message);
  }

  /** Rank 0: gives the event its number and sends it to everybody. Returns the number. */
  publish(message: Message): number {
    message.aux1 = ++this.#sequence;
    message.aux2 = 0;
    delete message.routes;
    message.flags &= ~Flag.Route;
    this.#uplink.multicast(message);
    this.distributeEvent(message);
    return message.aux1;
  }

  /** Gives a published event to those here who asked for it. */
  distributeEvent(message: Message): void {
    for (const peer of this.subscriptions.match(message.topic ?? '')) {
      if (message.flags & Flag.Private && !(peer.rolemask & Role.Owner) && peer.userid !== message.userid) continue;
      peer.deliver({ ...message });
    }
  }

  #offer(message: Message): boolean {
    const peer = this.#services.get(serviceOf(message.topic!));
    if (!peer) return false;
    peer.deliver(message);
    return true;
  }

  log(level: number, text: string): void {
    this.#log(level, text);
  }
}
