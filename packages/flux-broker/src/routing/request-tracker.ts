// Requests that were forwarded to a peer and await their response, so that they can be answered when the peer goes
// away (reference 2.2; flux-core: librouter/rpc_track.c).
import { Flag, type Message } from '@ebb/flux-client';

export class RequestTracker {
  readonly #pending = new Map<string, Map<number, Message>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Notes a request that passes to the peer. `disconnect` requests end all of their sender's. */
  request(message: Message): void {
    const sender = senderOf(message);
    if (sender === undefined || message.topic === undefined) return;
    if (message.flags & Flag.NoResponse || message.aux2 === 0) {
      if (isDisconnect(message.topic)) this.#forget(sender, message.topic);
      return;
    }
    let requests = this.#pending.get(sender);
    if (!requests) this.#pending.set(sender, (requests = new Map()));
    if (!requests.has(message.aux2)) this.#size++;
    // The payload is not needed to answer; the routes are, as they were when it passed.
    requests.set(message.aux2, { ...withoutPayload(message), routes: message.routes!.slice() });
  }

  /** Notes a response that came back from the peer. */
  response(message: Message): void {
    if (message.flags & Flag.Streaming && message.aux1 === 0) return;
    const sender = senderOf(message);
    const requests = sender === undefined ? undefined : this.#pending.get(sender);
    if (!requests?.delete(message.aux2)) return;
    this.#size--;
    if (requests.size === 0) this.#pending.delete(sender!);
  }

  /** Takes out all that are pending. */
  purge(): Message[] {
    const all = [...this.#pending.values()].flatMap((requests) => [...requests.values()]);
    this.#pending.clear();
    this.#size = 0;
    return all;
  }

  #forget(sender: string, topic: string): void {
    const requests = this.#pending.get(sender);
    if (!requests) return;
    const service = topic.slice(0, -'disconnect'.length);
    for (const [matchtag, request] of requests) {
      if (!request.topic?.startsWith(service)) continue;
      requests.delete(matchtag);
      this.#size--;
    }
    if (requests.size === 0) this.#pending.delete(sender);
  }
}

/** The route nearest the delimiter: who made the request. */
export function senderOf(message: Message): string | undefined {
  return message.routes?.[message.routes.length - 1];
}

function isDisconnect(topic: string): boolean {
  return topic === 'disconnect' || topic.endsWith('.disconnect');
}

function withoutPayload(message: Message): Message {
  const { payload: _, ...rest } = message;
  return { ...rest, flags: message.flags & ~Flag.Payload };
}
