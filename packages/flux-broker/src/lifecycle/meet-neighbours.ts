// Joins the broker to the tree: listens for its children, learns where its parent is, and connects to it.
import { parseDuration } from '@ebb/flux-formats';
import { hostlistAttribute } from '../attributes/broker-attributes.ts';
import type { BrokerParts } from '../broker-parts.ts';
import { LogLevel } from '../module.ts';

/** Resolves when this broker's sockets are attached to its overlay. @throws Error when one cannot be had */
export async function meetNeighbours(broker: BrokerParts): Promise<void> {
  const { attributes, neighbours, transport } = broker.options;
  const bound = await listen(broker);
  const { advertise, parent, parentKey } = await neighbours.meet(bound);
  hostlistAttribute(broker.options);
  if (bound !== undefined) attributes.set('tbon.endpoint', advertise ?? bound);
  if (transport && parent !== undefined) await connectParent(broker, parent, parentKey);
}

/** The endpoint at which children find this broker; undefined for one that has none. */
async function listen({ options, overlay, uuid, log }: BrokerParts): Promise<string | undefined> {
  const { transport, neighbours, attributes } = options;
  if (!transport || neighbours.bind === undefined) return undefined;
  const receiveLimit = Number(attributes.get('tbon.child_rcvhwm'));
  const children = await transport.bind(
    { endpoint: neighbours.bind, uuid, receiveLimit, ...socketOptions(options) },
    {
      onMessage: (peer, message) => overlay.fromChild(peer, message),
      onUnreachable: (peer) => overlay.childIsUnreachable(peer),
      onConnectionLost: () => overlay.connectionLost(),
      onHostile: (peer, reason) => overlay.childIsHostile(peer, reason),
    },
  );
  overlay.attachChildren(children);
  log.log('overlay', LogLevel.debug, `listening on ${children.endpoint}`);
  return children.endpoint;
}

async function connectParent(
  { options, overlay, uuid, log }: BrokerParts,
  parent: string,
  parentKey: string | undefined,
): Promise<void> {
  const { attributes, transport } = options;
  attributes.set('tbon.parent-endpoint', parent);
  const connectTimeoutMs = milliseconds(attributes.get('tbon.connect_timeout')!);
  const socket = await transport!.connect(
    { endpoint: parent, uuid, parentKey, connectTimeoutMs, ...socketOptions(options) },
    {
      onMessage: (message) => overlay.parent.receive(message),
      onConnectionLost: () => {
        log.log('overlay', LogLevel.debug, 'lost the connection to the parent; trying again');
        overlay.parent.connectionLost();
      },
      onConnected: () => overlay.parent.connected(),
      onHostile: (reason) => log.log('overlay', LogLevel.err, `DROP upstream message: ${reason}`),
      onTrouble: (text) => log.log('overlay', LogLevel.err, text),
    },
  );
  overlay.parent.attach(socket);
}

function socketOptions({ attributes, neighbours }: BrokerParts['options']): {
  ipv6: boolean;
  tcpUserTimeoutMs: number;
} {
  return {
    ipv6: neighbours.ipv6 === true,
    tcpUserTimeoutMs: milliseconds(attributes.get('tbon.tcp_user_timeout')!),
  };
}

function milliseconds(duration: string): number {
  return parseDuration(duration) * 1000;
}
