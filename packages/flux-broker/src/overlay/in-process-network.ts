// A network inside one process, for instances of many ranks in tests and simulations. It behaves like ZeroMQ as far as
// the overlay can tell: ordered, reliable while both ends live, sending to a peer that is gone is reported, a child
// that starts first waits for its parent. Faults are made on purpose.
import type { Message } from '@ebb/flux-client';
import type {
  BindOptions,
  ChildrenHandlers,
  ChildrenSocket,
  ConnectOptions,
  OverlayTransport,
  ParentHandlers,
  ParentSocket,
} from './transport.ts';

/** When the peers of a machine that is gone without a word take their connections for broken (TCP_USER_TIMEOUT). */
const vanishedTimeoutMs = 1_500;

interface Listener {
  handlers: ChildrenHandlers;
  /** Its machine is gone without a word: whoever takes its address takes its children over. */
  isDead: boolean;
  peers: Map<string, Link>;
}

interface Link {
  uuid: string;
  endpoint: string;
  handlers: ParentHandlers;
  listener: Listener | undefined;
  waiting: Message[];
  isOpen: boolean;
  /** Its owner is dead: it takes nothing in and sends nothing. */
  isMute: boolean;
  /** While held, nothing passes in either direction: the peer is alive but silent. */
  isHeld: boolean;
  held: (() => void)[];
}

/** A transport whose faults are made by its owner. */
export interface FaultyTransport extends OverlayTransport {
  /** Ends all connections at once, as kill -9 does. */
  crash(): void;
  /** As {@link crash}, but nobody is told until the network gives the connections up: a machine that lost power. */
  vanish(): void;
  /** Stops or resumes the delivery of everything that this broker sends or should get. */
  hold(isHeld: boolean): void;
}

export class InProcessNetwork {
  readonly #listeners = new Map<string, Listener>();
  readonly #links = new Set<Link>();

  /** The transport of one broker on this network. */
  transport(): FaultyTransport {
    const own: { sockets: { close(): Promise<void> }[]; links: Link[]; listeners: Listener[] } = {
      sockets: [],
      links: [],
      listeners: [],
    };
    let isDead = false;
    const refuseDead = () => {
      if (isDead) throw new Error('this broker is dead');
    };
    return {
      authorize: () => {},
      bind: async (options, handlers) => {
        refuseDead();
        const socket = this.#bind(options, handlers, own.listeners);
        own.sockets.push(socket);
        return socket;
      },
      connect: async (options, handlers) => {
        refuseDead();
        const socket = this.#connect(options, handlers, own.links);
        own.sockets.push(socket);
        return socket;
      },
      crash: () => {
        isDead = true;
        for (const socket of own.sockets) void socket.close();
      },
      vanish: () => {
        isDead = true;
        for (const link of own.links) link.isMute = true;
        for (const listener of own.listeners) listener.isDead = true;
        for (const link of linksOf(own)) this.#hold(link, true);
        const giveUp = () => {
          for (const socket of own.sockets) void socket.close();
        };
        setTimeout(giveUp, vanishedTimeoutMs).unref();
      },
      hold: (isHeld) => {
        for (const link of linksOf(own)) this.#hold(link, isHeld);
      },
    };
  }

  #bind(options: BindOptions, handlers: ChildrenHandlers, own: Listener[]): ChildrenSocket {
    const { endpoint } = options;
    const before = this.#listeners.get(endpoint);
    if (before && !before.isDead) throw new Error(`error binding to ${endpoint}: Address already in use`);
    if (before) this.#closeListener(endpoint, before);
    const listener: Listener = { handlers, isDead: false, peers: new Map() };
    own.push(listener);
    this.#listeners.set(endpoint, listener);
    for (const link of this.#links) if (link.endpoint === endpoint && link.isOpen) this.#attach(link, listener);
    return {
      endpoint,
      send: (peer, message) => {
        const link = listener.peers.get(peer);
        if (!link) return this.#soon(() => handlers.onUnreachable(peer));
        const copy = { ...message };
        this.#pass(link, () => {
          if (link.isOpen && link.listener === listener) link.handlers.onMessage(copy);
        });
      },
      close: async () => this.#closeListener(endpoint, listener),
    };
  }

  #closeListener(endpoint: string, listener: Listener): void {
    if (this.#listeners.get(endpoint) !== listener) return;
    this.#listeners.delete(endpoint);
    for (const link of listener.peers.values()) {
      link.listener = undefined;
      this.#soon(() => link.isOpen && link.handlers.onConnectionLost());
    }
    listener.peers.clear();
  }

  #connect(options: ConnectOptions, handlers: ParentHandlers, own: Link[]): ParentSocket {
    const { endpoint, uuid } = options;
    const link: Link = {
      uuid,
      endpoint,
      handlers,
      listener: undefined,
      waiting: [],
      isOpen: true,
      isMute: false,
      isHeld: false,
      held: [],
    };
    own.push(link);
    this.#links.add(link);
    const listener = this.#listeners.get(endpoint);
    if (listener) this.#attach(link, listener);
    return {
      send: (message) => {
        if (!link.isOpen || link.isMute) return;
        if (link.listener) this.#toParent(link, link.listener, message);
        else link.waiting.push({ ...message });
      },
      close: async () => {
        if (!link.isOpen) return;
        // What was sent before the close still arrives, as it does with a socket that lingers.
        this.#soon(() => {
          link.isOpen = false;
          this.#links.delete(link);
          const { listener } = link;
          if (!listener) return;
          listener.peers.delete(uuid);
          listener.handlers.onConnectionLost();
        });
      },
    };
  }

  #attach(link: Link, listener: Listener): void {
    // What was under way on the old connection is lost with it.
    link.isHeld = false;
    link.held = [];
    link.listener = listener;
    listener.peers.set(link.uuid, link);
    this.#soon(() => link.isOpen && !link.isMute && link.listener === listener && link.handlers.onConnected());
    for (const message of link.waiting.splice(0)) this.#toParent(link, listener, message);
  }

  #toParent(link: Link, listener: Listener, message: Message): void {
    const copy = { ...message };
    this.#pass(link, () => {
      if (link.listener === listener && listener.peers.get(link.uuid) === link) {
        listener.handlers.onMessage(link.uuid, copy);
      }
    });
  }

  #hold(link: Link, isHeld: boolean): void {
    link.isHeld = isHeld;
    if (!isHeld) for (const deliver of link.held.splice(0)) this.#soon(deliver);
  }

  #pass(link: Link, deliver: () => void): void {
    if (link.isHeld) link.held.push(deliver);
    else this.#soon(deliver);
  }

  #soon(action: () => void): void {
    queue.push(action);
    if (queue.length === 1) setImmediate(drain);
  }
}

function linksOf(own: { links: Link[]; listeners: Listener[] }): Link[] {
  return [...own.links, ...own.listeners.flatMap((listener) => [...listener.peers.values()])];
}

const queue: (() => void)[] = [];

function drain(): void {
  const count = queue.length;
  for (let at = 0; at < count; at++) queue[at]!();
  queue.splice(0, count);
  if (queue.length > 0) setImmediate(drain);
}
