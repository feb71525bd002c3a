// What the overlay needs of a network. ZeroMQ and the in-process network both provide it, and one contract suite holds
// both to it.
import type { Message } from '@ebb/flux-client';

/** Where children connect: one socket, many peers, each known by the UUID it connected with. */
export interface ChildrenSocket {
  /** The address children use, with the port that was really bound. */
  readonly endpoint: string;
  /** Sends to one child. A child that is gone is reported through `onUnreachable`, maybe later. */
  send(peer: string, message: Message): void;
  close(): Promise<void>;
}

export interface ChildrenHandlers {
  onMessage(peer: string, message: Message): void;
  /** A message to this peer could not be delivered: there is no connection any more. */
  onUnreachable(peer: string): void;
  /** Some connection ended; which one is not known. */
  onConnectionLost(): void;
  /** Bytes that are no Flux message came from a peer, or an unauthorized peer was turned away. */
  onHostile(peer: string, reason: string): void;
}

/** The connection to the parent. It is made, and made again after a loss, for as long as the socket is open. */
export interface ParentSocket {
  /** Queues while there is no connection. */
  send(message: Message): void;
  close(): Promise<void>;
}

export interface ParentHandlers {
  onMessage(message: Message): void;
  /** The connection was lost; the socket goes on trying. */
  onConnectionLost(): void;
  /** A connection stands (again). */
  onConnected(): void;
  onHostile(reason: string): void;
  /** Something about reaching the parent that the log should tell. */
  onTrouble(text: string): void;
}

export interface BindOptions {
  /** `tcp://ADDRESS:PORT`, port `*` for any, or `ipc://PATH`. */
  endpoint: string;
  uuid: string;
  ipv6: boolean;
  /** Receive queue of each child, 0 for no limit (`tbon.child_rcvhwm`). */
  receiveLimit: number;
  tcpUserTimeoutMs: number;
}

export interface ConnectOptions {
  endpoint: string;
  uuid: string;
  /** The parent's CURVE public key in Z85; undefined where the network needs none. */
  parentKey: string | undefined;
  ipv6: boolean;
  connectTimeoutMs: number;
  tcpUserTimeoutMs: number;
}

export interface OverlayTransport {
  bind(options: BindOptions, handlers: ChildrenHandlers): Promise<ChildrenSocket>;
  connect(options: ConnectOptions, handlers: ParentHandlers): Promise<ParentSocket>;
  /** Lets a child with this CURVE public key in (PMI bootstrap; with one shared certificate: its own key). */
  authorize(publicKey: string): void;
}
