// One request and its answer, with what every handler needs to know of it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import type { UserInfo } from '../auth/user.ts';
import { anonymous } from '../auth/user.ts';
import type { Status } from '../client/status-error.ts';
import type { Caller } from '../verbs/request.ts';
import { type Encoding, type MediaType, parseAccept } from './media-type.ts';
import { Warnings } from './warnings.ts';

export class Exchange implements Caller {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accepted: readonly MediaType[];
  /** Set by authentication. */
  user: UserInfo = anonymous;
  readonly #warnings = new Warnings();

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    const { url = '/' } = request;
    const question = url.indexOf('?');
    this.path = question < 0 ? url : url.slice(0, question);
    this.query = new URLSearchParams(question < 0 ? '' : url.slice(question + 1));
    this.accepted = parseAccept(request.headers.accept);
  }

  get userAgent(): string {
    return this.request.headers['user-agent'] ?? '';
  }

  warn(text: string): void {
    this.#warnings.add(text);
  }

  /** A query parameter that is there and says so. */
  isSet(name: string): boolean {
    const value = this.query.get(name);
    return value !== null && value !== 'false' && value !== '0';
  }

  send(code: number, value: object, encoding: Encoding = 'json', contentType?: string): void {
    if (encoding === 'yaml') {
      this.sendText(code, stringify(value, { aliasDuplicateObjects: false }), 'application/yaml');
      return;
    }
    const text = this.#isPretty() ? JSON.stringify(value, null, 2) : `${JSON.stringify(value)}\n`;
    this.sendText(code, text, contentType ?? 'application/json');
  }

  /** Sends JSON that is there as text already. */
  sendJson(code: number, text: string): void {
    if (this.#isPretty()) this.send(code, JSON.parse(text) as object);
    else this.sendText(code, `${text}\n`, 'application/json');
  }

  sendText(code: number, text: string, contentType: string): void {
    this.sendBytes(code, Buffer.from(text), contentType);
  }

  sendBytes(code: number, body: Buffer, contentType: string): void {
    this.begin(code, { 'content-type': contentType, 'content-length': body.length });
    this.response.end(this.method === 'HEAD' ? undefined : body);
  }

  sendStatus(status: Status): void {
    const retry = status.details?.retryAfterSeconds;
    if (retry !== undefined && !this.response.headersSent) this.response.setHeader('retry-after', retry);
    this.send(status.code, status);
  }

  /** Writes the head of the answer, with the warnings so far. */
  begin(code: number, headers: Record<string, string | number>): void {
    const { response } = this;
    const warnings = this.#warnings.headers();
    if (warnings.length > 0) response.setHeader('warning', warnings);
    response.writeHead(code, { 'cache-control': 'no-cache, private', ...headers });
  }

  /** For people with curl or a browser, as a real API server does. */
  #isPretty(): boolean {
    const wanted = this.query.get('pretty');
    if (wanted !== null) return wanted !== 'false' && wanted !== '0';
    return /^(curl|Wget|Mozilla)/.test(this.userAgent);
  }
}
