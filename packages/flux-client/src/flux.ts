/**
 * A handle on a Flux broker: RPC, events and services over one transport. Clients and the broker's own modules use the
 * same class. RFC 3 and RFC 6.
 */
import { errnoNumber } from '@ebb/flux-formats';
import { FluxError } from './flux-error.ts';
import {
  Flag,
  jsonPayload,
  type Message,
  NodeId,
  noMatchtag,
  payloadJson,
  payloadText,
  Role,
  responseTo,
  textPayload,
  unknownUser,
  wantsResponse,
} from './message.ts';
import { Request } from './request.ts';
import { topicMatcher } from './topic-matcher.ts';
import type { Transport } from './transport.ts';

export interface RpcOptions {
  /** The rank that is to answer; default: the nearest broker with the service. */
  readonly nodeid?: number;
  /** Skip this broker: the nearest one towards the root answers. */
  readonly upstream?: boolean;
  readonly signal?: AbortSignal;
  /** Rejects with ETIMEDOUT after so many milliseconds. */
  readonly timeoutMs?: number;
}

export interface StreamOptions extends RpcOptions {
  /** The topic that ends the stream at the service when the reader stops: `job-info.eventlog-watch-cancel`. */
  readonly cancelTopic?: string;
}

export interface FluxEvent {
  readonly topic: string;
  readonly sequence: number;
  readonly payload: unknown;
  readonly message: Message;
}

interface Pending {
  readonly receive: (response: Message) => void;
  readonly fail: (error: FluxError) => void;
  readonly streaming: boolean;
}

interface Handler {
  readonly matches: (topic: string) => boolean;
  readonly roles: number;
  readonly handle: (request: Request) => void | Promise<void>;
}

const enodata = errnoNumber('ENODATA');

export class Flux {
  readonly #transport: Transport;
  readonly #pending = new Map<number, Pending>();
  readonly #subscriptions = new Map<string, Set<(event: FluxEvent) => void>>();
  #handlers: Handler[] = [];
  #nextMatchtag = 1;
  #rank: Promise<number> | undefined;
  #isClosed = false;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;

  constructor(transport: Transport) {
    this.#transport = transport;
    let close: () => void;
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    transport.onClose((error) => {
      this.#isClosed = true;
      const lost = new FluxError('ECONNRESET', error?.message);
      for (const pending of [...this.#pending.values()]) pending.fail(lost);
      this.#pending.clear();
      close();
    });
    transport.onMessage((message) => this.#receive(message));
  }

  async rpc<T = unknown>(topic: string, payload?: unknown, options: RpcOptions = {}): Promise<T> {
    const response = await this.#request(topic, payload === undefined ? undefined : jsonPayload(payload), options);
    return payloadJson(response) as T;
  }

  /** An RPC whose payloads are bytes, as those of the content service. */
  async rpcRaw(topic: string, payload?: Uint8Array, options: RpcOptions = {}): Promise<Uint8Array | undefined> {
    return (await this.#request(topic, payload, options)).payload;
  }

  /** A streaming RPC: each response's JSON until ENODATA. Stopping to read early cancels it. */
  stream<T = unknown>(topic: string, payload?: unknown, options: StreamOptions = {}): AsyncIterableIterator<T> {
    const responses = this.streamMessages(topic, payload === undefined ? undefined : jsonPayload(payload), options);
    return mapped(responses, (message) => payloadJson(message) as T);
  }

  /** A streaming RPC as messages. */
  streamMessages(topic: string, payload?: Uint8Array, options: StreamOptions = {}): AsyncIterableIterator<Message> {
    const queue: Message[] = [];
    let wake: (() => void) | undefined;
    let end: FluxError | 'ended' | undefined;
    const finish = (reason: FluxError | 'ended') => {
      end ??= reason;
      stopWaiting();
      wake?.();
    };
    const matchtag = this.#expect({
      streaming: true,
      receive: (message) => {
        queue.push(message);
        wake?.();
      },
      fail: (error) => finish(error.errno === enodata ? 'ended' : error),
    });
    const cancel = () => {
      if (end) return;
      this.#pending.delete(matchtag);
      if (options.cancelTopic) this.send(options.cancelTopic, { matchtag }, options);
    };
    const stopWaiting = this.#limits(options, (error) => {
      cancel();
      finish(error);
    });
    this.#send(topic, payload, Flag.Streaming, matchtag, options);
    const iterator: AsyncIterableIterator<Message> = {
      [Symbol.asyncIterator]: () => iterator,
      next: async () => {
        for (;;) {
          const message = queue.shift();
          if (message) return { value: message, done: false };
          if (end === 'ended') return { value: undefined, done: true };
          if (end) throw end;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      },
      return: async () => {
        cancel();
        finish('ended');
        queue.length = 0;
        return { value: undefined, done: true };
      },
    };
    return iterator;
  }

  /** A request that wants no response. */
  send(topic: string, payload?: unknown, options: RpcOptions = {}): void {
    this.#send(topic, payload === undefined ? undefined : jsonPayload(payload), Flag.NoResponse, noMatchtag, options);
  }

  /** Events whose topic begins with `topic`. Resolves, once subscribed, with the way to end it. */
  async subscribe(topic: string, handler: (event: FluxEvent) => void): Promise<() => Promise<void>> {
    const handlers = this.#subscriptions.get(topic) ?? new Set();
    this.#subscriptions.set(topic, handlers);
    handlers.add(handler);
    if (handlers.size === 1) await this.rpc('event.subscribe', { topic });
    return async () => {
      if (!handlers.delete(handler) || handlers.size > 0) return;
      this.#subscriptions.delete(topic);
      await this.rpc('event.unsubscribe', { topic });
    };
  }

  /** Publishes an event and resolves with its sequence number. */
  async publish(topic: string, payload?: unknown, options: { private?: boolean } = {}): Promise<number> {
    const request = {
      topic,
      flags: options.private ? Flag.Private : 0,
      ...(payload === undefined ? {} : { payload: jsonPayload(payload).toString('base64') }),
    };
    return (await this.rpc<{ seq: number }>('event.publish', request, { nodeid: 0 })).seq;
  }

  /** Registers a service of this name with the broker: its requests come to the handlers of this handle. */
  async addService(service: string): Promise<void> {
    await this.rpc('service.add', { service });
  }

  async removeService(service: string): Promise<void> {
    await this.rpc('service.remove', { service });
  }

  /**
   * Answers requests whose topic matches (`*` stands for anything). The handler last added wins. What it throws is the
   * answer. Returns the way to take it back.
   */
  handle(
    topicGlob: string,
    handle: (request: Request) => void | Promise<void>,
    options: { roles?: number } = {},
  ): () => void {
    const handler: Handler = { matches: topicMatcher(topicGlob), roles: options.roles ?? Role.Owner, handle };
    this.#handlers = [handler, ...this.#handlers];
    return () => {
      this.#handlers = this.#handlers.filter((each) => each !== handler);
    };
  }

  async attr(name: string): Promise<string> {
    return (await this.rpc<{ value: string }>('attr.get', { name })).value;
  }

  rank(): Promise<number> {
    this.#rank ??= this.attr('rank').then(Number);
    return this.#rank;
  }

  async size(): Promise<number> {
    return Number(await this.attr('size'));
  }

  /** Appends a line to the broker's log; `level` as syslog has it, 0 to 7. */
  log(level: number, text: string, application = 'ebb'): void {
    const line = `<${level << 3}>1 ${new Date().toISOString()} - ${application} ${process.pid} - - ${text}`;
    this.#send('log.append', Buffer.from(line), Flag.NoResponse, noMatchtag, {});
  }

  /** Sends a message as it is. */
  sendMessage(message: Message): void {
    this.#transport.send(message);
  }

  async close(): Promise<void> {
    this.#transport.close();
    await this.closed;
  }

  #request(topic: string, payload: Uint8Array | undefined, options: RpcOptions): Promise<Message> {
    return new Promise((resolve, reject) => {
      const matchtag = this.#expect({
        streaming: false,
        receive: (message) => {
          stopWaiting();
          resolve(message);
        },
        fail: (error) => {
          stopWaiting();
          reject(error);
        },
      });
      const stopWaiting = this.#limits(options, (error) => {
        this.#pending.delete(matchtag);
        reject(error);
      });
      this.#send(topic, payload, 0, matchtag, options);
    });
  }

  #expect(pending: Pending): number {
    if (this.#isClosed) {
      queueMicrotask(() => pending.fail(new FluxError('ECONNRESET')));
      return noMatchtag;
    }
    while (this.#pending.has(this.#nextMatchtag) || this.#nextMatchtag === noMatchtag) {
      this.#nextMatchtag = (this.#nextMatchtag + 1) >>> 0;
    }
    const matchtag = this.#nextMatchtag;
    this.#nextMatchtag = (matchtag + 1) >>> 0;
    this.#pending.set(matchtag, pending);
    return matchtag;
  }

  #limits({ signal, timeoutMs }: RpcOptions, stop: (error: FluxError) => void): () => void {
    if (!signal && timeoutMs === undefined) return () => {};
    const aborted = () => stop(new FluxError('ECANCELED', undefined, { cause: signal?.reason }));
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop(new FluxError('ETIMEDOUT')), timeoutMs);
    signal?.addEventListener('abort', aborted, { once: true });
    if (signal?.aborted) queueMicrotask(aborted);
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
  }

  #send(topic: string, payload: Uint8Array | undefined, flags: number, matchtag: number, options: RpcOptions): void {
    if (options.upstream) {
      // The upstream flag goes with the sender's own rank, which the message is routed away from.
      void this.rank().then(
        (rank) => this.#transport.send(request(topic, payload, flags | Flag.Upstream, matchtag, rank)),
        (error: FluxError) => this.#pending.get(matchtag)?.fail(error),
      );
      return;
    }
    this.#transport.send(request(topic, payload, flags, matchtag, options.nodeid ?? NodeId.Any));
  }

  #receive(message: Message): void {
    if (message.type === 'response') this.#receiveResponse(message);
    else if (message.type === 'event') this.#receiveEvent(message);
    else if (message.type === 'request') this.#receiveRequest(message);
  }

  #receiveResponse(message: Message): void {
    const pending = this.#pending.get(message.aux2);
    if (!pending) return;
    if (!pending.streaming || message.aux1 !== 0) this.#pending.delete(message.aux2);
    if (message.aux1 === 0) pending.receive(message);
    else pending.fail(new FluxError(message.aux1, errorText(message)));
  }

  #receiveEvent(message: Message): void {
    const topic = message.topic!;
    for (const [prefix, handlers] of this.#subscriptions) {
      if (!topic.startsWith(prefix)) continue;
      const event: FluxEvent = {
        topic,
        sequence: message.aux1,
        get payload() {
          return payloadJson(message);
        },
        message,
      };
      for (const handler of [...handlers]) handler(event);
    }
  }

  #receiveRequest(message: Message): void {
    const handler = this.#handlers.find(({ matches }) => matches(message.topic!));
    if (!handler) {
      const text = `No service matching ${message.topic} is registered`;
      if (wantsResponse(message)) this.#transport.send(responseTo(message, errnoNumber('ENOSYS'), textPayload(text)));
      return;
    }
    const request = new Request(message, this.#transport);
    if ((message.rolemask & handler.roles) === 0) {
      request.respondError('EPERM');
      return;
    }
    const failed = (error: unknown) => {
      if (error instanceof FluxError) request.respondError(error.errno, error.hasText ? error.message : undefined);
      else {
        request.respondError('EINVAL', error instanceof Error ? error.message : String(error));
        this.log(3, `${message.topic}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    };
    try {
      const outcome = handler.handle(request);
      if (outcome instanceof Promise) outcome.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}

function request(
  topic: string,
  payload: Uint8Array | undefined,
  flags: number,
  matchtag: number,
  nodeid: number,
): Message {
  return {
    type: 'request',
    flags,
    userid: unknownUser,
    rolemask: Role.None,
    aux1: nodeid,
    aux2: matchtag,
    topic,
    payload,
    routes: [],
  };
}

function errorText(message: Message): string | undefined {
  try {
    return payloadText(message);
  } catch {
    return undefined;
  }
}

function mapped<A, B>(source: AsyncIterableIterator<A>, map: (value: A) => B): AsyncIterableIterator<B> {
  const iterator: AsyncIterableIterator<B> = {
    [Symbol.asyncIterator]: () => iterator,
    next: async () => {
      const { value, done } = await source.next();
      return done ? { value: undefined, done: true } : { value: map(value), done: false };
    },
    return: async () => {
      await source.return?.();
      return { value: undefined, done: true };
    },
  };
  return iterator;
}
