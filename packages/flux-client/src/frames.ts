/** Messages as frames, RFC 3: routes and their delimiter, topic, payload, and the 20 bytes of the proto frame. */
import { Flag, type Message, type MessageType } from './message.ts';
import { ProtocolError } from './protocol-error.ts';

const magic = 0x8e;
const version = 1;
const protoSize = 20;
const typeNumbers: Record<MessageType, number> = { request: 1, response: 2, event: 4, control: 8 };
const typeNames: Record<number, MessageType> = { 1: 'request', 2: 'response', 4: 'event', 8: 'control' };
const derivedFlags = Flag.Topic | Flag.Payload | Flag.Route;
const empty = Buffer.alloc(0);
/** More hops than any tree is deep; a longer stack is an attack. */
const mostRoutes = 4096;

export function encodeFrames(message: Message): Buffer[] {
  const frames: Buffer[] = [];
  let flags = message.flags & ~derivedFlags;
  if (message.routes) {
    flags |= Flag.Route;
    for (const route of message.routes) frames.push(Buffer.from(route, 'utf8'));
    frames.push(empty);
  }
  if (message.topic !== undefined) {
    flags |= Flag.Topic;
    frames.push(Buffer.from(message.topic, 'utf8'));
  }
  if (message.payload !== undefined) {
    flags |= Flag.Payload;
    const { payload } = message;
    frames.push(Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.length));
  }
  const proto = Buffer.allocUnsafe(protoSize);
  proto[0] = magic;
  proto[1] = version;
  proto[2] = typeNumbers[message.type];
  proto[3] = flags;
  proto.writeUInt32BE(message.userid >>> 0, 4);
  proto.writeUInt32BE(message.rolemask >>> 0, 8);
  proto.writeUInt32BE(message.aux1 >>> 0, 12);
  proto.writeUInt32BE(message.aux2 >>> 0, 16);
  frames.push(proto);
  return frames;
}

/**
 * The message of these frames; payload bytes are not copied.
 * @throws ProtocolError when there is a frame too many or too few, or the proto frame is not one
 */
export function decodeFrames(frames: readonly Buffer[]): Message {
  const proto = frames.at(-1);
  if (!proto || proto.length !== protoSize || proto[0] !== magic) throw new ProtocolError('no proto frame');
  if (proto[1] !== version) throw new ProtocolError(`message version ${proto[1]}, not ${version}`);
  const type = typeNames[proto[2]!];
  if (!type) throw new ProtocolError(`message type ${proto[2]}`);
  const flags = proto[3]!;
  if (flags & Flag.NoResponse && flags & Flag.Streaming)
    throw new ProtocolError('flags noresponse and streaming exclude each other');
  const message: Message = {
    type,
    flags: flags & ~derivedFlags,
    userid: proto.readUInt32BE(4),
    rolemask: proto.readUInt32BE(8),
    aux1: proto.readUInt32BE(12),
    aux2: proto.readUInt32BE(16),
  };
  let next = 0;
  const last = frames.length - 1;
  if (flags & Flag.Route) {
    const routes: string[] = [];
    for (;;) {
      const frame = next < last ? frames[next++]! : undefined;
      if (frame === undefined) throw new ProtocolError('the route stack has no delimiter');
      if (frame.length === 0) break;
      if (routes.push(frame.toString('utf8')) > mostRoutes) throw new ProtocolError(`more than ${mostRoutes} routes`);
    }
    message.routes = routes;
  }
  if (flags & Flag.Topic) {
    if (next >= last) throw new ProtocolError('no topic frame');
    message.topic = frames[next++]!.toString('utf8');
  }
  if (flags & Flag.Payload) {
    if (next >= last) throw new ProtocolError('no payload frame');
    message.payload = frames[next++]!;
  }
  if (next !== last) throw new ProtocolError(`${last - next} frames too many`);
  if (type !== 'control' && type !== 'response' && message.topic === undefined)
    throw new ProtocolError(`a ${type} without topic`);
  return message;
}
