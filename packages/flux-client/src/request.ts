/** A request that a service received, and the ways to answer it. */

import { errnoNumber } from '@ebb/flux-formats';
import { FluxError } from './flux-error.ts';
import {
  isStreaming,
  jsonPayload,
  type Message,
  payloadJson,
  Role,
  responseTo,
  senderOf,
  textPayload,
  wantsResponse,
} from './message.ts';
import type { Transport } from './transport.ts';

export class Request {
  readonly message: Message;
  readonly #transport: Transport;

  constructor(message: Message, transport: Transport) {
    this.message = message;
    this.#transport = transport;
  }

  get topic(): string {
    return this.message.topic!;
  }

  get raw(): Uint8Array | undefined {
    return this.message.payload;
  }

  get userid(): number {
    return this.message.userid;
  }

  get rolemask(): number {
    return this.message.rolemask;
  }

  get nodeid(): number {
    return this.message.aux1;
  }

  get matchtag(): number {
    return this.message.aux2;
  }

  get isStreaming(): boolean {
    return isStreaming(this.message);
  }

  /** The original sender's route id; two requests with one sender came from one connection. */
  get sender(): string {
    return senderOf(this.message);
  }

  /** The payload's JSON, an empty object without payload. @throws FluxError EPROTO when it is no JSON */
  json<T = Record<string, unknown>>(): T {
    try {
      return (payloadJson(this.message) ?? {}) as T;
    } catch (error) {
      throw new FluxError('EPROTO', (error as Error).message, { cause: error });
    }
  }

  respond(payload?: unknown): void {
    this.#answer(0, payload === undefined ? undefined : jsonPayload(payload));
  }

  respondRaw(payload?: Uint8Array): void {
    this.#answer(0, payload);
  }

  /** Ends the request with an error; `ENODATA` is the normal end of a streaming one. */
  respondError(errno: number | string, text?: string): void {
    const number = typeof errno === 'number' ? errno : errnoNumber(errno);
    this.#answer(number, text ? textPayload(text) : undefined);
  }

  /**
   * Lets the instance owner pass, and a guest whose id is `userid`.
   * @throws FluxError EPERM for anybody else
   */
  authorize(userid?: number): void {
    if (this.rolemask & Role.Owner) return;
    if (this.rolemask & Role.User && userid !== undefined && userid === this.userid) return;
    throw new FluxError('EPERM');
  }

  #answer(errnum: number, payload?: Uint8Array): void {
    if (wantsResponse(this.message)) this.#transport.send(responseTo(this.message, errnum, payload));
  }
}
