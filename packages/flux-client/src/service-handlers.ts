/** The request handlers of one handle: which one a request goes to, who may call it, and what its errors answer. */
import { FluxError } from './flux-error.ts';
import { type Message, Role, responseTo, textPayload, wantsResponse } from './message.ts';
import { Request } from './request.ts';
import { topicMatcher } from './topic-matcher.ts';
import type { Transport } from './transport.ts';

export type RequestHandler = (request: Request) => void | Promise<void>;

export interface HandleOptions {
  /** Bits of `Role` of which the sender must have one; default: the owner's. */
  readonly roles?: number;
}

interface Entry {
  readonly matches: (topic: string) => boolean;
  readonly roles: number;
  readonly handle: RequestHandler;
}

export class ServiceHandlers {
  // Exact topics, the most of them, are found at once; patterns are tried in turn, the last added first.
  readonly #exact = new Map<string, Entry[]>();
  #patterns: Entry[] = [];
  readonly #transport: Transport;
  readonly #log: (text: string) => void;

  constructor(transport: Transport, log: (text: string) => void) {
    this.#transport = transport;
    this.#log = log;
  }

  add(topicGlob: string, handle: RequestHandler, options: HandleOptions = {}): () => void {
    const entry: Entry = { matches: topicMatcher(topicGlob), roles: options.roles ?? Role.Owner, handle };
    if (topicGlob.includes('*')) {
      this.#patterns = [entry, ...this.#patterns];
      return () => {
        this.#patterns = this.#patterns.filter((each) => each !== entry);
      };
    }
    this.#exact.set(topicGlob, [entry, ...(this.#exact.get(topicGlob) ?? [])]);
    return () => {
      const left = (this.#exact.get(topicGlob) ?? []).filter((each) => each !== entry);
      if (left.length > 0) this.#exact.set(topicGlob, left);
      else this.#exact.delete(topicGlob);
    };
  }

  receive(message: Message): void {
    const topic = message.topic!;
    const entry = this.#exact.get(topic)?.[0] ?? this.#patterns.find(({ matches }) => matches(topic));
    if (!entry) {
      const text = `No service matching ${topic} is registered`;
      if (wantsResponse(message)) this.#transport.send(responseTo(message, enosys, textPayload(text)));
      return;
    }
    const request = new Request(message, this.#transport);
    if ((message.rolemask & entry.roles) === 0) {
      request.respondError('EPERM');
      return;
    }
    try {
      const outcome = entry.handle(request);
      if (outcome instanceof Promise) outcome.catch((error: unknown) => this.#failed(request, error));
    } catch (error) {
      this.#failed(request, error);
    }
  }

  #failed(request: Request, error: unknown): void {
    if (error instanceof FluxError) {
      request.respondError(error.errno, error.hasText ? error.message : undefined);
      return;
    }
    request.respondError('EINVAL', error instanceof Error ? error.message : String(error));
    this.#log(`${request.topic}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

const enosys = new FluxError('ENOSYS').errno;
