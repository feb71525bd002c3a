// The requests by which a broker comes to and goes from its parent (reference 3.3).
import { Flag, type Message, NodeId, Role, textPayload, unknownUser } from '@ebb/flux-client';
import type { Hello } from './hello.ts';

export function helloRequest(hello: Required<Hello>): Message {
  return { ...request('overlay.hello'), payload: textPayload(JSON.stringify(hello)) };
}

export function goodbyeRequest(): Message {
  return request('overlay.goodbye');
}

function request(topic: string): Message {
  return {
    type: 'request',
    flags: Flag.Route,
    userid: unknownUser,
    rolemask: Role.Owner,
    aux1: NodeId.Any,
    aux2: 0,
    topic,
    routes: [],
  };
}

/** An id from outside, fit for a log line. */
export function printable(id: string): string {
  const text = id.replace(/[^\x20-\x7e]/g, '?');
  return text.length > 40 ? `${text.slice(0, 40)}...` : text || '(no id)';
}
