// Streaming requests that a service keeps in order to answer them again (RFC 6). They end by disconnect of their
// sender, by cancellation, or when the service has nothing more to say.
import type { Request } from '@ebb/flux-client';
import { Role } from '@ebb/flux-client';

export class Watchers<Note = undefined> {
  readonly #requests = new Map<Request, Note>();

  get size(): number {
    return this.#requests.size;
  }

  add(request: Request, note: Note): void {
    this.#requests.set(request, note);
  }

  remove(request: Request): void {
    this.#requests.delete(request);
  }

  [Symbol.iterator](): IterableIterator<[Request, Note]> {
    return [...this.#requests][Symbol.iterator]();
  }

  /** Sends the same answer to all. */
  respond(payload: unknown): void {
    for (const request of this.#requests.keys()) request.respond(payload);
  }

  /** Ends all with an error, ENODATA being the regular end. */
  end(errno: string, text?: string): void {
    for (const request of this.#requests.keys()) request.respondError(errno, text);
    this.#requests.clear();
  }

  /** A `X.disconnect` request: forgets all that its sender asked. Returns what was forgotten. */
  disconnect(request: Request): Note[] {
    return this.#drop(request, () => true).map(([, note]) => note);
  }

  /** A `X.cancel` request: ends the one with the matchtag in the payload. */
  cancel(request: Request, errno: string): boolean {
    const { matchtag } = request.json<{ matchtag: number }>();
    const dropped = this.#drop(request, (candidate) => candidate.message.aux2 === matchtag);
    for (const [candidate] of dropped) candidate.respondError(errno);
    return dropped.length > 0;
  }

  #drop(request: Request, matches: (candidate: Request) => boolean): [Request, Note][] {
    const dropped = [...this.#requests].filter(
      ([candidate]) =>
        candidate.sender === request.sender &&
        ((request.rolemask & Role.Owner) !== 0 || candidate.userid === request.userid) &&
        matches(candidate),
    );
    for (const [candidate] of dropped) this.#requests.delete(candidate);
    return dropped;
  }
}
