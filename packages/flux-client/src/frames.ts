/** Messages as frames, RFC 3: routes and their delimiter, topic, payload, and the 20 bytes of the proto frame. */
import { Flag, type Message, type MessageType } from './message.ts';
import { ProtocolError } from './protocol-error.ts';
import { decodeWord } from './word-codec.ts';

const magic = 0x8e;
const version = 1;
export const protoSize = 20;
const typeNumbers: Record<MessageType, number> = { request: 1, response: 2, event: 4, control: 8 };
const typeNames: readonly (MessageType | undefined)[] = [
  undefined,
  'request',
  'response',
  undefined,
  'event',
  undefined,
  undefined,
  undefined,
  'control',
];
const derivedFlags = Flag.Topic | Flag.Payload | Flag.Route;
const empty = Buffer.alloc(0);
/** More hops than any tree is deep; a longer stack is an attack. */
const mostRoutes = 4096;

export function encodeFrames(message: Message): Buffer[] {
  const frames: Buffer[] = [];
  if (message.routes) {
    for (const route of message.routes) frames.push(Buffer.from(route, 'utf8'));
    frames.push(empty);
  }
  if (message.topic !== undefined) frames.push(Buffer.from(message.topic, 'utf8'));
  if (message.payload !== undefined) {
    const { payload } = message;
    frames.push(Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.length));
  }
  const proto = Buffer.allocUnsafe(protoSize);
  writeProto(proto, 0, message);
  frames.push(proto);
  return frames;
}

/** Writes the proto frame at `offset`; the flags of topic, payload and routes follow from the message. */
export function writeProto(bytes: Buffer, offset: number, message: Message): void {
  let flags = message.flags & ~derivedFlags;
  if (message.topic !== undefined) flags |= Flag.Topic;
  if (message.payload !== undefined) flags |= Flag.Payload;
  if (message.routes) flags |= Flag.Route;
  bytes[offset] = magic;
  bytes[offset + 1] = version;
  bytes[offset + 2] = typeNumbers[message.type];
  bytes[offset + 3] = flags;
  writeWord(bytes, offset + 4, message.userid);
  writeWord(bytes, offset + 8, message.rolemask);
  writeWord(bytes, offset + 12, message.aux1);
  writeWord(bytes, offset + 16, message.aux2);
}

function writeWord(bytes: Buffer, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

function readWord(bytes: Buffer, offset: number): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}

/**
 * The message of these frames; payload bytes are not copied.
 * @throws ProtocolError when there is a frame too many or too few, or the proto frame is not one
 */
export function decodeFrames(frames: readonly Buffer[]): Message {
  const last = frames.length - 1;
  const proto = frames[last];
  if (!proto || proto.length !== protoSize || proto[0] !== magic) throw new ProtocolError('no proto frame');
  if (proto[1] !== version) throw new ProtocolError(`message version ${proto[1]}, not ${version}`);
  const type = typeNames[proto[2]!];
  if (!type) throw new ProtocolError(`message type ${proto[2]}`);
  const flags = proto[3]!;
  if (flags & Flag.NoResponse && flags & Flag.Streaming) {
    throw new ProtocolError('flags noresponse and streaming exclude each other');
  }
  let next = 0;
  let routes: string[] | undefined;
  if (flags & Flag.Route) {
    routes = [];
    for (;;) {
      if (next >= last) throw new ProtocolError('the route stack has no delimiter');
      const frame = frames[next++]!;
      if (frame.length === 0) break;
      if (routes.push(decodeWord(frame, 'a route id')) > mostRoutes) {
        throw new ProtocolError(`more than ${mostRoutes} routes`);
      }
    }
  }
  let topic: string | undefined;
  if (flags & Flag.Topic) {
    if (next >= last) throw new ProtocolError('no topic frame');
    topic = decodeWord(frames[next++]!, 'the topic');
  }
  let payload: Buffer | undefined;
  if (flags & Flag.Payload) {
    if (next >= last) throw new ProtocolError('no payload frame');
    payload = frames[next++]!;
  }
  if (next !== last) throw new ProtocolError(`${last - next} frames too many`);
  if (topic === undefined && (type === 'request' || type === 'event'))
    throw new ProtocolError(`a ${type} without topic`);
  return {
    type,
    flags: flags & ~derivedFlags,
    userid: readWord(proto, 4),
    rolemask: readWord(proto, 8),
    aux1: readWord(proto, 12),
    aux2: readWord(proto, 16),
    topic,
    payload,
    routes,
  };
}
