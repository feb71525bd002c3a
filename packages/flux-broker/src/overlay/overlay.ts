// One broker's place in the tree based overlay network: its parent, its children, and what passes between them
// (reference 3; flux-core: modules/overlay). Sends and receives only Flux messages; the network is a port.
import { Flag, type Message, NodeId, Role } from '@ebb/flux-client';
import type { Timer } from '../clock.ts';
import { LogLevel } from '../module.ts';
import type { Uplink } from '../routing/router.ts';
import { deriveResponse, Errno, payloadObject } from '../routing/wire.ts';
import { Child } from './child.ts';
import { ControlType, controlMessage } from './control.ts';
import { EventSequence } from './event-sequence.ts';
import { type Hello, judgeHello, judgeVersion } from './hello.ts';
import { printable } from './overlay-messages.ts';
import type { OverlayEvents, OverlayOptions } from './overlay-options.ts';
import { type LinkOwner, ParentLink } from './parent-link.ts';
import { combineStatus, isOnline, SubtreeStatus, subtreeStatusName } from './subtree-status.ts';
import type { Topology } from './topology.ts';
import type { ChildrenSocket } from './transport.ts';

export class Overlay implements Uplink, LinkOwner {
  readonly children: Child[];
  readonly parent: ParentLink;
  status: SubtreeStatus;
  statusSince: number;
  /** Set from state cleanup on: newcomers are turned away. */
  spurnsHello = false;
  readonly #options: OverlayOptions;
  readonly #events: OverlayEvents;
  readonly #byRank: Map<number, Child>;
  readonly #online = new Map<string, Child>();
  /** How many children have each status. */
  readonly #census = [0, 0, 0, 0, 0, 0];
  #childrenSocket: ChildrenSocket | undefined;
  readonly #sequence = new EventSequence();
  #probe: Timer | undefined;

  constructor(options: OverlayOptions, events: OverlayEvents) {
    this.#options = options;
    this.#events = events;
    const now = options.clock.now();
    this.children = options.topology.children(options.rank).map((rank) => new Child(rank, now));
    this.#byRank = new Map(this.children.map((child) => [child.rank, child]));
    this.#census[SubtreeStatus.offline] = this.children.length;
    this.parent = new ParentLink(options, events, this);
    this.status = this.children.length > 0 ? SubtreeStatus.partial : SubtreeStatus.full;
    this.statusSince = now;
  }

  get onlineCount(): number {
    return this.#online.size;
  }

  get topology(): Topology {
    return this.#options.topology;
  }

  child(rank: number): Child | undefined {
    return this.#byRank.get(rank);
  }

  attachChildren(socket: ChildrenSocket): void {
    this.#childrenSocket = socket;
  }

  // ---- what the router sends away

  forwardRequest(message: Message): void {
    const { rank, topology, uuid } = this.#options;
    const nodeid = message.aux1;
    const isUpstream = (message.flags & Flag.Upstream) !== 0;
    const next = isUpstream && nodeid === rank ? -1 : topology.childRoute(rank, nodeid);
    if (next >= 0) {
      const child = this.#byRank.get(next)!;
      if (!child.isOnline) {
        this.#options.router().refuse(message, Errno.EHOSTUNREACH);
        return;
      }
      child.requests.request(message);
      message.routes = [uuid, ...(message.routes ?? [])];
      message.flags |= Flag.Route;
      this.#sendChild(child.uuid!, message);
      return;
    }
    if (!this.parent.exists) {
      const isService = !isUpstream && (nodeid === 0 || nodeid === NodeId.Any);
      this.#options.router().refuse(message, isService ? Errno.ENOSYS : Errno.EHOSTUNREACH);
      return;
    }
    if (this.parent.hasFailed) {
      this.#options.router().refuse(message, Errno.EHOSTUNREACH, 'overlay disconnect');
      return;
    }
    this.parent.request(message);
  }

  forwardResponse(message: Message, nextHop: string): void {
    if (nextHop === this.parent.uuid) {
      this.parent.send(message);
      return;
    }
    if (!this.#online.has(nextHop)) return;
    message.routes = message.routes!.slice(1);
    this.#sendChild(nextHop, message);
  }

  forwardEvent(message: Message): void {
    if (!this.parent.hasFailed) this.parent.send({ ...message, routes: [], flags: message.flags | Flag.Route });
  }

  multicast(message: Message): void {
    for (const uuid of this.#online.keys()) {
      this.#sendChild(uuid, { ...message, routes: [], flags: message.flags | Flag.Route });
    }
  }

  // ---- what comes from below

  fromChild(uuid: string, message: Message): void {
    message.rolemask &= ~Role.Local;
    const child = this.#online.get(uuid);
    if (!child) {
      if (message.type === 'request' && message.topic === 'overlay.hello' && !this.spurnsHello)
        this.#hello(uuid, message);
      else this.#sendChild(uuid, controlMessage(ControlType.disconnect, 0));
      return;
    }
    child.lastSeen = this.#options.clock.now();
    if (child.torpid) this.#setTorpid(child, false, 0);
    switch (message.type) {
      case 'control':
        if (message.aux1 === ControlType.status) this.#childStatus(child, message.aux2);
        return;
      case 'request':
        if (message.topic === undefined) {
          this.childIsHostile(uuid, 'a request without a topic');
          return;
        }
        message.routes = [uuid, ...(message.routes ?? [])];
        if (message.topic === 'overlay.goodbye') this.#goodbye(child, message);
        else if (message.topic === 'overlay.hello') this.#answerHello(uuid, message);
        else this.#options.router().routeRequest(message);
        return;
      case 'response':
        child.requests.response(message);
        message.routes = (message.routes ?? []).slice(1);
        this.#options.router().routeResponse(message);
        return;
      case 'event':
        if (message.topic === undefined) {
          this.childIsHostile(uuid, 'an event without a topic');
          return;
        }
        this.#options.router().publishFrom(message);
        return;
    }
  }

  /** Bytes came that are no message: a child is cut off, a stranger only noted. */
  childIsHostile(uuid: string, reason: string): void {
    const child = this.#online.get(uuid);
    this.#options.log(LogLevel.err, `DROP downstream message from ${printable(uuid)}: ${reason}`);
    if (!child) return;
    this.#sendChild(uuid, controlMessage(ControlType.disconnect, 0));
    this.#lose(child, 'failed', 'malformed message');
  }

  childIsUnreachable(uuid: string): void {
    const child = this.#online.get(uuid);
    if (child) this.#lose(child, 'failed', 'lost connection');
  }

  /** Some child's connection broke. Sending to each shows whose: the socket refuses to send to one that is gone. */
  connectionLost(): void {
    this.#probe ??= this.#options.clock.after(10, () => {
      this.#probe = undefined;
      this.probeChildren();
    });
  }

  probeChildren(): void {
    for (const uuid of this.#online.keys()) this.#sendChild(uuid, controlMessage(ControlType.heartbeat, 0));
  }

  // ---- what comes from above

  eventFromParent(message: Message): void {
    const fault = this.#sequence.check(message.aux1);
    if (fault) this.#options.log(fault.level, fault.text);
    this.multicast(message);
    delete message.routes;
    message.flags &= ~Flag.Route;
    this.#options.router().distributeEvent(message);
  }

  /** `overlay.disconnect-subtree`. */
  disconnectChild(child: Child): void {
    this.#sendChild(child.uuid!, controlMessage(ControlType.disconnect, 0));
    this.#lose(child, 'disconnected by request', 'administrative disconnect');
  }

  /** Regular work: a sign of life upward when there was none, and a look at which children are silent. */
  sync(): void {
    const now = this.#options.clock.now();
    this.parent.sync(now);
    const max = this.#options.torpidMaxMs();
    for (const child of this.#online.values()) {
      const silentMs = now - child.lastSeen;
      const isTorpid = max > 0 && silentMs >= max;
      if (isTorpid !== child.torpid) this.#setTorpid(child, isTorpid, silentMs);
    }
  }

  async close(): Promise<void> {
    this.#probe?.cancel();
    await Promise.all([this.parent.close(), this.#childrenSocket?.close()]);
  }

  // ---- within

  #sendChild(uuid: string, message: Message): void {
    this.#childrenSocket?.send(uuid, message);
  }

  #host(rank: number): string {
    return this.#options.hostnameOf(rank);
  }

  #hello(uuid: string, message: Message): void {
    const { rank, version, log } = this.#options;
    const context = {
      rank,
      isChild: (of: number) => this.#byRank.has(of),
      hostname: (of: number) => this.#host(of),
    };
    const verdict = judgeHello(message, payloadObject(message), context);
    if (!verdict.ok) {
      const { hello, text, errnum } = verdict;
      const who = hello ? `${hello.hostname ?? this.#host(hello.rank)} (rank ${hello.rank})` : printable(uuid);
      log(LogLevel.err, `rejecting connection from ${who}: ${text ?? 'not authorized'}`);
      this.#sendChild(uuid, deriveResponse({ ...message, routes: [] }, errnum, text));
      return;
    }
    const child = this.#byRank.get(verdict.hello.rank)!;
    const isReturn = child.isOnline;
    if (isReturn) {
      log(LogLevel.err, `${this.#who(child)} reconnected after crash, dropping old connection state`);
      this.#setStatus(child, SubtreeStatus.lost, undefined);
    }
    const mismatch = judgeVersion(verdict.hello.version, version);
    if (mismatch !== undefined) {
      child.error = mismatch;
      log(LogLevel.err, `rejecting connection from ${this.#who(child)}: ${mismatch}`);
      this.#sendChild(uuid, deriveResponse({ ...message, routes: [] }, Errno.EINVAL, mismatch));
      return;
    }
    this.#accept(child, uuid, verdict.hello, isReturn, message);
  }

  #accept(child: Child, uuid: string, hello: Hello, isReturn: boolean, message: Message): void {
    const status = isOnline(hello.status) ? (hello.status as SubtreeStatus) : SubtreeStatus.partial;
    child.uuid = uuid;
    child.lastSeen = this.#options.clock.now();
    child.torpid = false;
    this.#answerHello(uuid, message);
    this.#online.set(uuid, child);
    this.#setStatus(child, status, undefined);
    const level = isReturn ? LogLevel.err : LogLevel.debug;
    this.#options.log(level, `accepting connection from ${this.#who(child)} status ${subtreeStatusName(status)}`);
  }

  #answerHello(uuid: string, message: Message): void {
    const response = deriveResponse({ ...message, routes: [] }, 0, JSON.stringify({ uuid: this.#options.uuid }));
    this.#sendChild(uuid, response);
  }

  #goodbye(child: Child, message: Message): void {
    const routes = message.routes!.slice(1);
    this.#sendChild(child.uuid!, deriveResponse({ ...message, routes }, 0));
    this.#setStatus(child, SubtreeStatus.offline, 'administrative shutdown');
  }

  #childStatus(child: Child, status: number): void {
    if (status >= SubtreeStatus.full && status <= SubtreeStatus.offline) {
      this.#setStatus(child, status as SubtreeStatus, undefined);
    }
  }

  #lose(child: Child, what: string, error: string): void {
    const below = this.#options.topology.descendantCount(child.rank);
    const severed = below > 0 ? ` and severed contact with ${below} other nodes` : '';
    this.#options.log(LogLevel.err, `${this.#who(child)} ${what}${severed}`);
    this.#setStatus(child, SubtreeStatus.lost, error);
  }

  #setStatus(child: Child, status: SubtreeStatus, error: string | undefined): void {
    child.error = error;
    if (child.status === status) return;
    const wasOnline = child.isOnline;
    this.#census[child.status]!--;
    this.#census[status]!++;
    child.status = status;
    child.statusSince = this.#options.clock.now();
    if (wasOnline && !child.isOnline) {
      this.#online.delete(child.uuid!);
      child.torpid = false;
      this.#failChildRequests(child);
    }
    this.#updateOwnStatus();
    this.#events.childChanged(child);
    this.#events.healthChanged();
  }

  #setTorpid(child: Child, torpid: boolean, silentMs: number): void {
    child.torpid = torpid;
    const state = torpid ? `has been unresponsive for ${Math.round(silentMs / 100) / 10}s` : 'is responsive now';
    this.#options.log(LogLevel.err, `broker on ${this.#who(child)} ${state}`);
    this.#events.childChanged(child);
  }

  #updateOwnStatus(): void {
    const status = combineStatus(this.#census);
    if (status === this.status) return;
    this.status = status;
    this.statusSince = this.#options.clock.now();
    this.parent.tellStatus();
  }

  #failChildRequests(child: Child): void {
    for (const request of child.requests.purge()) {
      this.#options.router().routeResponse(deriveResponse(request, Errno.EHOSTUNREACH));
    }
  }

  #who(child: Child): string {
    return `${this.#host(child.rank)} (rank ${child.rank})`;
  }
}
