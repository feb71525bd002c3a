// The parts of RFC 3 messages that routing looks at.
import { Flag, type Message, textPayload } from '@ebb/flux-client';

/** Linux error numbers that the broker itself answers with. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  EAGAIN: 11,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOSYS: 38,
  ENODATA: 61,
  EPROTO: 71,
  EOVERFLOW: 75,
  EHOSTUNREACH: 113,
} as const;

/** A response to `request` with its routes, topic and matchtag, from the instance owner. */
export function deriveResponse(request: Message, errnum: number, text?: string): Message {
  const payload = text === undefined ? undefined : textPayload(text);
  return {
    type: 'response',
    flags: (request.flags & (Flag.Topic | Flag.Route | Flag.Streaming)) | (payload ? Flag.Payload : 0),
    userid: request.userid,
    rolemask: request.rolemask,
    aux1: errnum,
    aux2: request.aux2,
    ...(request.topic === undefined ? {} : { topic: request.topic }),
    ...(payload ? { payload } : {}),
    ...(request.routes ? { routes: request.routes.slice() } : {}),
  };
}

/** The JSON object in a payload; undefined for none, or for anything that is no JSON. */
export function payloadObject(message: Message): unknown {
  const payload = message.payload;
  if (!payload || payload.byteLength < 2) return undefined;
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength - 1).toString('utf8'));
  } catch {
    return undefined;
  }
}
