/**
 * A handle on a Flux broker: RPC, events and services over one transport. Clients and the broker's own modules use the
 * same class. RFC 3 and RFC 6.
 */
import { cancelTopicOf } from './cancel-topics.ts';
import { FluxError } from './flux-error.ts';
import { Flag, jsonPayload, type Message, NodeId, noMatchtag, payloadJson, Role, unknownUser } from './message.ts';
import { PendingRequests } from './pending-requests.ts';
import { ResponseStream } from './response-stream.ts';
import { type HandleOptions, type RequestHandler, ServiceHandlers } from './service-handlers.ts';
import { type FluxEvent, Subscriptions } from './subscriptions.ts';
import type { Transport } from './transport.ts';

export interface RpcOptions {
  /** The rank that is to answer; default: the nearest broker with the service. */
  readonly nodeid?: number | undefined;
  /** Skip this broker: the nearest one towards the root answers. */
  readonly upstream?: boolean | undefined;
  /** Rejects with ECANCELED when it aborts; a stream is cancelled at its service too. */
  readonly signal?: AbortSignal | undefined;
  /** Rejects with ETIMEDOUT after so many milliseconds. Of a stream: the time of the whole. */
  readonly timeoutMs?: number | undefined;
}

export interface StreamOptions extends RpcOptions {
  /** The topic that ends the stream at its service when the reader stops; known for the services of flux-core. */
  readonly cancelTopic?: string | undefined;
}

export interface FluxOptions {
  /** As whom the owner's messages are sent, for tests of what guests may do (`FLUX_HANDLE_USERID`). */
  readonly userid?: number | undefined;
  /** (`FLUX_HANDLE_ROLEMASK`) */
  readonly rolemask?: number | undefined;
}

export class Flux {
  readonly #transport: Transport;
  readonly #userid: number;
  readonly #rolemask: number;
  readonly #pending = new PendingRequests();
  readonly #subscriptions = new Subscriptions((topic, payload) => this.rpc(topic, payload));
  readonly #services: ServiceHandlers;
  readonly #constants = new Map<string, Promise<string>>();
  #lost: FluxError | undefined;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;

  constructor(transport: Transport, options: FluxOptions = {}) {
    this.#transport = transport;
    this.#userid = options.userid ?? unknownUser;
    this.#rolemask = options.rolemask ?? Role.None;
    this.#services = new ServiceHandlers(transport, (text) => this.log(3, text));
    let close: () => void;
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    transport.onClose((error) => {
      this.#lost = new FluxError('ECONNRESET', error?.message, { cause: error });
      this.#pending.failAll(this.#lost);
      close();
    });
    transport.onMessage((message) => this.#receive(message));
  }

  /** Whether the connection is gone. */
  get isClosed(): boolean {
    return this.#lost !== undefined;
  }

  /** One request, one response. Payloads are JSON. @throws FluxError with what the service answered */
  async rpc<T = unknown>(topic: string, payload?: unknown, options: RpcOptions = {}): Promise<T> {
    const response = await this.#request(topic, payload === undefined ? undefined : jsonPayload(payload), options);
    return payloadJson(response) as T;
  }

  /** An RPC whose payloads are bytes, as those of the content service. */
  async rpcRaw(topic: string, payload?: Uint8Array, options: RpcOptions = {}): Promise<Uint8Array | undefined> {
    return (await this.#request(topic, payload, options)).payload;
  }

  /**
   * A streaming RPC: each response's JSON until ENODATA, other errors thrown as FluxError. The request is sent at once.
   * Leaving the loop early, or an abort, cancels it at the service.
   */
  stream<T = unknown>(topic: string, payload?: unknown, options: StreamOptions = {}): AsyncIterableIterator<T> {
    const bytes = payload === undefined ? undefined : jsonPayload(payload);
    return this.#openStream(topic, bytes, options, (response) => payloadJson(response) as T).stream;
  }

  /** A streaming RPC as messages. */
  streamMessages(topic: string, payload?: Uint8Array, options: StreamOptions = {}): AsyncIterableIterator<Message> {
    return this.#openStream(topic, payload, options, (response) => response).stream;
  }

  /** A streaming RPC, with its matchtag for services that take later requests about it (`rexec.write`). */
  openStream<T = unknown>(
    topic: string,
    payload?: unknown,
    options: StreamOptions = {},
  ): { stream: AsyncIterableIterator<T>; matchtag: number } {
    const bytes = payload === undefined ? undefined : jsonPayload(payload);
    return this.#openStream(topic, bytes, options, (response) => payloadJson(response) as T);
  }

  /** A request that wants no response. */
  send(topic: string, payload?: unknown, options: RpcOptions = {}): void {
    this.#send(topic, payload === undefined ? undefined : jsonPayload(payload), Flag.NoResponse, noMatchtag, options);
  }

  /** Events whose topic begins with `topic`. Resolves, once subscribed, with the way to end it. */
  subscribe(topic: string, handler: (event: FluxEvent) => void): Promise<() => Promise<void>> {
    return this.#subscriptions.add(topic, handler);
  }

  /** Publishes an event and resolves with its sequence number. `private`: only this user and the owner see it. */
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
   * Answers requests whose topic matches (`*` stands for anything). An exact topic goes before a pattern, and the handler
   * last added before earlier ones. What it throws is the answer. Returns the way to take it back.
   */
  handle(topicGlob: string, handle: RequestHandler, options: HandleOptions = {}): () => void {
    return this.#services.add(topicGlob, handle, options);
  }

  /** A broker attribute. @throws FluxError ENOENT when it is not set */
  async attr(name: string): Promise<string> {
    return (await this.rpc<{ value: string }>('attr.get', { name })).value;
  }

  /** This broker's rank; asked for once. */
  async rank(): Promise<number> {
    return Number(await this.#constant('rank'));
  }

  /** How many brokers the instance has; asked for once. */
  async size(): Promise<number> {
    return Number(await this.#constant('size'));
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

  /** Ends the connection; what waits for a response fails with ECONNRESET. */
  async close(): Promise<void> {
    this.#transport.close();
    await this.closed;
  }

  #constant(name: string): Promise<string> {
    let value = this.#constants.get(name);
    if (!value) {
      value = this.attr(name);
      this.#constants.set(name, value);
      value.catch(() => this.#constants.delete(name));
    }
    return value;
  }

  #request(topic: string, payload: Uint8Array | undefined, options: RpcOptions): Promise<Message> {
    if (this.#lost) return Promise.reject(new FluxError('ECONNRESET', undefined, { cause: this.#lost }));
    return new Promise((resolve, reject) => {
      let stopWaiting = nothing;
      const matchtag = this.#pending.add({
        streaming: false,
        receive(response) {
          stopWaiting();
          resolve(response);
        },
        fail(error) {
          stopWaiting();
          reject(error);
        },
      });
      stopWaiting = limit(options, (error) => this.#pending.fail(matchtag, error));
      this.#send(topic, payload, 0, matchtag, options);
    });
  }

  #openStream<T>(
    topic: string,
    payload: Uint8Array | undefined,
    options: StreamOptions,
    convert: (response: Message) => T,
  ): { stream: ResponseStream<T>; matchtag: number } {
    let stopWaiting = nothing;
    let matchtag = noMatchtag;
    const stream = new ResponseStream(convert, (isOver) => {
      stopWaiting();
      if (isOver || !this.#pending.remove(matchtag)) return;
      const cancelTopic = options.cancelTopic ?? cancelTopicOf(topic);
      const { nodeid, upstream } = options;
      if (cancelTopic) this.send(cancelTopic, { matchtag }, { nodeid, upstream });
    });
    if (this.#lost) {
      stream.stop(new FluxError('ECONNRESET', undefined, { cause: this.#lost }));
      return { stream, matchtag };
    }
    matchtag = this.#pending.add({
      streaming: true,
      receive: (response) => stream.push(response),
      fail: (error) => stream.finish(error),
    });
    stopWaiting = limit(options, (error) => stream.stop(error));
    this.#send(topic, payload, Flag.Streaming, matchtag, options);
    return { stream, matchtag };
  }

  #send(topic: string, payload: Uint8Array | undefined, flags: number, matchtag: number, options: RpcOptions): void {
    if (this.#lost) return;
    const message: Message = {
      type: 'request',
      flags,
      userid: this.#userid,
      rolemask: this.#rolemask,
      aux1: options.nodeid ?? NodeId.Any,
      aux2: matchtag,
      topic,
      payload,
      routes: [],
    };
    if (!options.upstream) {
      this.#transport.send(message);
      return;
    }
    // The upstream flag goes with the sender's own rank, which the message is routed away from.
    this.rank().then(
      (rank) => this.#transport.send({ ...message, flags: flags | Flag.Upstream, aux1: rank }),
      (error: FluxError) => this.#pending.fail(matchtag, error),
    );
  }

  #receive(message: Message): void {
    switch (message.type) {
      case 'response':
        this.#pending.receive(message);
        return;
      case 'event':
        this.#subscriptions.deliver(message);
        return;
      case 'request':
        this.#services.receive(message);
        return;
      default:
        return;
    }
  }
}

function nothing(): void {}

// Calls `stop` when the time is over or the signal aborts; returns the way to no longer do so.
function limit({ signal, timeoutMs }: RpcOptions, stop: (error: FluxError) => void): () => void {
  if (!signal && timeoutMs === undefined) return nothing;
  const aborted = () => stop(new FluxError('ECANCELED', undefined, { cause: signal?.reason }));
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop(new FluxError('ETIMEDOUT')), timeoutMs);
  if (signal?.aborted) queueMicrotask(aborted);
  else signal?.addEventListener('abort', aborted, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  };
}
