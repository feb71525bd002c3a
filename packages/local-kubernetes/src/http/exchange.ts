// One request and its answer, with what every handler needs to know of it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import type { UserInfo } from '../auth/user.ts';
import { anonymous } from '../auth/user.ts';
import type { Status } from '../client/status-error.ts';
import type { Caller } from '../verbs/request.ts';
import { type Encoding, type MediaType, parseAccept } from './media-type.ts';

const maxWarnings = 64;

export class Exchange implements Caller {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accepted: readonly MediaType[];
  /** Set by authentication. */
  user: UserInfo = anonymous;
  readonly #warnings = new Set<string>();

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

  /** Texts with control characters, which no header may have, are dropped as a real server drops them. */
  warn(text: string): void {
    if (/\p{Cc}/u.test(text)) return;
    if (this.#warnings.size < maxWarnings) this.#warnings.add(text);
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
    if (this.#warnings.size > 0) response.setHeader('warning', [...this.#warnings].map(warningHeader));
    response.writeHead(code, { 'cache-control': 'no-cache, private', ...headers });
  }

  /** For people with curl or a browser, as a real API server does. */
  #isPretty(): boolean {
    const wanted = this.query.get('pretty');
    if (wanted !== null) return wanted !== 'false' && wanted !== '0';
    return /^(curl|Wget|Mozilla)/.test(this.userAgent);
  }
}

/** RFC 7234 5.5, code 299: miscellaneous persistent warning. */
function warningHeader(text: string): string {
  const quoted = text.replace(/[\\"]/g, '\\$&');
  // Node writes a character of a header as a byte.
  return Buffer.from(`299 - "${quoted}"`).toString('latin1');
}
