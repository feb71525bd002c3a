/**
 * A broker's link to its parent: the hello that opens it, what waits until it is open, signs of life, requests that wait
 * for an answer, and its end (reference 3; flux-core: modules/overlay).
 */
import { type Message, Role } from '@ebb/flux-client';
import { LogLevel } from '../module.ts';
import { RequestTracker } from '../routing/request-tracker.ts';
import { deriveResponse, Errno, payloadObject } from '../routing/wire.ts';
import { ControlType, controlMessage } from './control.ts';
import { goodbyeRequest, helloRequest } from './overlay-messages.ts';
import type { OverlayEvents, OverlayOptions } from './overlay-options.ts';
import type { SubtreeStatus } from './subtree-status.ts';
import type { ParentSocket } from './transport.ts';

/** What the link asks of the broker that has it. */
export interface LinkOwner {
  readonly status: SubtreeStatus;
  /** An event came down the tree. */
  eventFromParent(message: Message): void;
}

export class ParentLink {
  /** The parent's, once it has let us in. */
  uuid: string | undefined;
  readonly #options: OverlayOptions;
  readonly #events: OverlayEvents;
  readonly #owner: LinkOwner;
  readonly #rank: number;
  readonly #requests = new RequestTracker();
  readonly #held: Message[] = [];
  #socket: ParentSocket | undefined;
  #hasFailed = false;
  #goodbyeSent = false;
  #statusAtHello: SubtreeStatus | undefined;
  #helloMayBeLost = false;
  #lastSent = 0;

  constructor(options: OverlayOptions, events: OverlayEvents, owner: LinkOwner) {
    this.#options = options;
    this.#events = events;
    this.#owner = owner;
    this.#rank = options.topology.parent(options.rank);
  }

  /** False at the root of the tree. */
  get exists(): boolean {
    return this.#rank >= 0;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  get isReady(): boolean {
    return this.uuid !== undefined && !this.#hasFailed;
  }

  get pendingRequests(): number {
    return this.#requests.size;
  }

  /** Takes the connection and says hello on it. */
  attach(socket: ParentSocket): void {
    this.#socket = socket;
    this.#sayHello();
  }

  /** A request that goes up; its answer is waited for. */
  request(message: Message): void {
    this.#requests.request(message);
    this.send(message);
  }

  /** What is for the parent waits until it has let us in: another parent may stand there when the first one dies. */
  send(message: Message): void {
    if (this.uuid === undefined && message.topic !== 'overlay.hello') {
      this.#held.push(message);
      return;
    }
    this.#lastSent = this.#options.clock.now();
    this.#socket?.send(message);
  }

  receive(message: Message): void {
    message.rolemask &= ~Role.Local;
    if (this.#hasFailed) return;
    if (this.uuid === undefined && message.type !== 'control') {
      if (message.type === 'response' && message.topic === 'overlay.hello') this.#helloResponse(message);
      else this.#options.log(LogLevel.err, 'DROP upstream message received before hello handshake completed');
      return;
    }
    switch (message.type) {
      case 'request':
        if (message.topic !== undefined) this.#options.router().routeRequest(message);
        return;
      case 'response':
        if (message.topic === 'overlay.goodbye' && this.#goodbyeSent) {
          this.#events.goodbyeAcknowledged();
          return;
        }
        this.#requests.response(message);
        this.#options.router().routeResponse(message);
        return;
      case 'event':
        this.#owner.eventFromParent(message);
        return;
      case 'control':
        if (message.aux1 === ControlType.disconnect) {
          const host = this.#options.hostnameOf(this.#rank);
          const text = `${host} (rank ${this.#rank}) sent disconnect control message`;
          this.#options.log(LogLevel.crit, text);
          this.disconnect(text);
        }
        return;
    }
  }

  /** The connection broke. A hello may have gone down with it. */
  connectionLost(): void {
    this.#helloMayBeLost = this.uuid === undefined;
  }

  /** The connection stands. */
  connected(): void {
    if (this.#helloMayBeLost && this.uuid === undefined && !this.#hasFailed) this.#sayHello();
    this.#helloMayBeLost = false;
    this.#greet();
  }

  /** Gives the parent up: what waits for it fails now. */
  disconnect(reason: string): void {
    if (this.#hasFailed || !this.exists) return;
    this.#hasFailed = true;
    for (const request of this.#requests.purge()) {
      this.#options.router().routeResponse(deriveResponse(request, Errno.EHOSTUNREACH, 'overlay disconnect'));
    }
    this.#events.parentLost(reason);
  }

  /** Asks the parent to note that we leave in order. False when there is none to ask. */
  sayGoodbye(): boolean {
    if (!this.isReady) return false;
    this.#goodbyeSent = true;
    this.send(goodbyeRequest());
    return true;
  }

  /** Tells the parent of this broker's subtree. */
  tellStatus(): void {
    if (this.isReady && !this.#goodbyeSent) this.send(controlMessage(ControlType.status, this.#owner.status));
  }

  /** Regular work: a sign of life when there was none for a while. */
  sync(now: number): void {
    if (now - this.#lastSent > this.#options.torpidMinMs()) this.#greet();
  }

  async close(): Promise<void> {
    await this.#socket?.close();
  }

  /** Sends a sign of life, so that a parent that no longer knows us says so. */
  #greet(): void {
    if (this.isReady) this.send(controlMessage(ControlType.heartbeat, 0));
  }

  #sayHello(): void {
    const { rank, version, uuid, hostname } = this.#options;
    const { status } = this.#owner;
    this.#statusAtHello = status;
    this.send(helloRequest({ rank, version, uuid, status, hostname }));
  }

  #helloResponse(message: Message): void {
    const payload = payloadObject(message) as { uuid?: unknown } | undefined;
    if (message.aux1 === 0 && typeof payload?.uuid === 'string') {
      this.uuid = payload.uuid;
      this.#options.log(LogLevel.debug, `hello parent ${this.#rank} ${payload.uuid}`);
      for (const held of this.#held.splice(0)) this.send(held);
      const { status } = this.#owner;
      if (status !== this.#statusAtHello) this.send(controlMessage(ControlType.status, status));
      this.#events.parentReady();
      return;
    }
    const text = message.payload ? Buffer.from(message.payload).toString('utf8').replace(/\0$/, '') : '';
    const reason = text || `refused with errno ${message.aux1}`;
    this.#options.log(LogLevel.err, `overlay.hello: ${reason}`);
    this.disconnect(reason);
  }
}
