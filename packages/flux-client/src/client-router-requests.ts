/** The requests of a router's clients that the broker has not answered: who loses the broker can answer them itself. */
import { errnoNumber } from '@ebb/flux-formats';
import { Flag, type Message, responseTo, wantsResponse } from './message.ts';

export class OpenRequests {
  /** Client id to what it asked, by route and matchtag. */
  readonly #open = new Map<string, Map<string, Message>>();

  /** Notes a request on its way to the broker; `routes` begins with the client's id. */
  note(request: Message): void {
    if (request.type !== 'request' || !wantsResponse(request)) return;
    const client = request.routes![0]!;
    let requests = this.#open.get(client);
    if (!requests) this.#open.set(client, (requests = new Map()));
    const { type, flags, userid, rolemask, aux1, aux2, topic } = request;
    const routes = [...request.routes!];
    requests.set(keyOf(request), { type, flags, userid, rolemask, aux1, aux2, topic, routes });
  }

  /** A stream is open until an error ends it. */
  settle(response: Message): void {
    if (response.flags & Flag.Streaming && response.aux1 === 0) return;
    this.#open.get(response.routes![0]!)?.delete(keyOf(response));
  }

  forget(client: string): void {
    this.#open.delete(client);
  }

  /** What those who wait are told when the connection was reset. Nothing is open after. */
  reset(): Message[] {
    const errnum = errnoNumber('ECONNRESET');
    const responses = [...this.#open.values()].flatMap((requests) =>
      [...requests.values()].map((request) => responseTo(request, errnum)),
    );
    this.#open.clear();
    return responses;
  }
}

function keyOf({ routes, aux2 }: Message): string {
  return `${aux2} ${routes!.join(' ')}`;
}
