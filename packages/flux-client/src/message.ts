/** A Flux message: RFC 3, sections of the proto frame, and what its two auxiliary words mean for each type. */
import { parseJson, printJson } from '@ebb/flux-formats';
import { ProtocolError } from './protocol-error.ts';

export type MessageType = 'request' | 'response' | 'event' | 'control';

export const Flag = {
  Topic: 0x01,
  Payload: 0x02,
  NoResponse: 0x04,
  Route: 0x08,
  Upstream: 0x10,
  Private: 0x20,
  Streaming: 0x40,
  User1: 0x80,
} as const;

export const Role = { None: 0, Owner: 1, User: 2, Local: 4, Admin: 8, All: 0xffff_ffff } as const;

export const NodeId = { Any: 0xffff_ffff } as const;

export const unknownUser = 0xffff_ffff;
export const noMatchtag = 0;

export interface Message {
  type: MessageType;
  /** Bits of `Flag`. Topic, Payload and Route follow from the other fields when the message is encoded. */
  flags: number;
  userid: number;
  /** Bits of `Role`. */
  rolemask: number;
  /** Request: nodeid. Response: errnum. Event: sequence. Control: type. */
  aux1: number;
  /** Request and response: matchtag. Control: status. */
  aux2: number;
  topic?: string | undefined;
  /** With the final NUL where it is text. */
  payload?: Uint8Array | undefined;
  /** Route ids, the newest hop first, the sender last. Undefined: the message carries no route stack at all. */
  routes?: string[] | undefined;
}

export const isStreaming = (message: Message): boolean => (message.flags & Flag.Streaming) !== 0;
export const wantsResponse = (message: Message): boolean => (message.flags & Flag.NoResponse) === 0;
export const goesUpstream = (message: Message): boolean => (message.flags & Flag.Upstream) !== 0;

/** The part of a topic before its last dot, which names the service: `job-manager` of `job-manager.submit`. */
export function serviceOf(topic: string): string {
  const dot = topic.indexOf('.');
  return dot < 0 ? topic : topic.slice(0, dot);
}

/** The original sender's route id; empty when the message has none. */
export function senderOf(message: Message): string {
  return message.routes?.at(-1) ?? '';
}

/** JSON text and its NUL. */
export function jsonPayload(value: unknown): Buffer {
  return textPayload(printJson(value));
}

export function textPayload(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text) + 1);
  bytes.write(text, 0, 'utf8');
  bytes[bytes.length - 1] = 0;
  return bytes;
}

/** The payload's JSON; undefined without payload. @throws ProtocolError when it is no JSON text ending in NUL */
export function payloadJson(message: Message): unknown {
  const text = payloadText(message);
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    throw new ProtocolError(`the payload of ${message.topic ?? message.type} is not JSON`);
  }
}

/** The payload's text without its NUL; undefined without payload. */
export function payloadText(message: Message): string | undefined {
  const { payload } = message;
  if (payload === undefined || payload.length === 0) return undefined;
  if (payload[payload.length - 1] !== 0)
    throw new ProtocolError(`the payload of ${message.topic ?? message.type} does not end in NUL`);
  return Buffer.from(payload.buffer, payload.byteOffset, payload.length - 1).toString('utf8');
}

/** The response to a request: same topic, matchtag and route stack. */
export function responseTo(request: Message, errnum: number, payload?: Uint8Array): Message {
  return {
    type: 'response',
    flags: request.flags & Flag.Streaming,
    userid: unknownUser,
    rolemask: Role.None,
    aux1: errnum,
    aux2: request.aux2,
    topic: request.topic,
    payload,
    routes: request.routes ? [...request.routes] : undefined,
  };
}
