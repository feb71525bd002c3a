// A watch as an HTTP answer: one JSON document a line, in chunks, until the client goes, time is up, or the client
// falls so far behind that it is dropped.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { partialMetadata, printTable } from '../table/table.ts';
import type { ApiContext, Target } from '../verbs/request.ts';
import { expired, tooManyRequests } from '../verbs/status-errors.ts';
import { type OpenWatch, type WatchedChange, type WatchOptions, watchObjects } from '../verbs/watch.ts';
import type { Exchange } from './exchange.ts';
import { negotiate } from './media-type.ts';
import { timeoutSeconds, watchOptions } from './request-options.ts';
import { includeObject } from './resource-response.ts';

export interface WatchLimits {
  /** Watches open at once. */
  readonly maxWatches: number;
  /** Bytes that may wait for a slow client. */
  readonly maxBufferedBytes: number;
  readonly bookmarkMs: number;
  /** A watch whose client sets no time ends after this and up to twice this. */
  readonly minDurationMs: number;
}

export const defaultWatchLimits: WatchLimits = {
  maxWatches: 10_000,
  maxBufferedBytes: 16 * 1024 * 1024,
  bookmarkMs: 60_000,
  minDurationMs: 30 * 60_000,
};

/** A watch of one name is a watch of the collection that looks at that name alone. */
function optionsOf(exchange: Exchange, { name }: Target): WatchOptions {
  const options = watchOptions(exchange);
  if (!name) return options;
  return { ...options, fieldSelector: [options.fieldSelector, `metadata.name=${name}`].filter(Boolean).join(',') };
}

export class WatchStreams {
  readonly #context: ApiContext;
  readonly #limits: WatchLimits;
  readonly #open = new Set<() => void>();

  constructor(context: ApiContext, limits: Partial<WatchLimits> = {}) {
    this.#context = context;
    this.#limits = { ...defaultWatchLimits, ...limits };
  }

  get size(): number {
    return this.#open.size;
  }

  closeAll(): void {
    for (const close of [...this.#open]) close();
  }

  /** Answers a watch. @throws {StatusError} before anything is sent */
  serve(exchange: Exchange, target: Target): void {
    const { maxWatches, maxBufferedBytes, bookmarkMs, minDurationMs } = this.#limits;
    if (this.#open.size >= maxWatches) {
      throw tooManyRequests(`${maxWatches} watches are open, which is all this server holds; try again later`, 5);
    }
    const seconds = timeoutSeconds(exchange);
    const line = this.#lineWriter(exchange, target);
    const { response } = exchange;
    const begin = () => {
      if (!response.headersSent) {
        exchange.begin(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
        response.flushHeaders();
      }
    };
    let isClosed = false;
    let watch: OpenWatch | undefined;
    const timers: NodeJS.Timeout[] = [];
    const close = (): void => {
      if (isClosed) return;
      isClosed = true;
      this.#open.delete(close);
      watch?.close();
      for (const timer of timers) clearTimeout(timer);
      response.end();
    };
    let isStarting = true;
    const early: string[] = [];
    const sink = (change: WatchedChange): void => {
      if (isClosed) return;
      if (isStarting) {
        early.push(line(change));
        return;
      }
      if (response.writableLength > maxBufferedBytes) {
        const { status } = expired(
          `the watch fell more than ${maxBufferedBytes} bytes behind and was dropped; list again and read faster`,
        );
        response.write(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
        close();
        return;
      }
      response.write(line(change));
    };
    watch = watchObjects(this.#context, target, optionsOf(exchange, target), sink);
    isStarting = false;
    begin();
    if (early.length > 0) response.write(early.join(''));
    this.#open.add(close);
    const durationMs = seconds && seconds > 0 ? seconds * 1000 : minDurationMs * (1 + Math.random());
    timers.push(
      setTimeout(close, Math.min(durationMs, 2 ** 31 - 1)).unref(),
      setInterval(() => watch.bookmark(), bookmarkMs).unref(),
    );
    response.on('close', close);
  }

  #lineWriter(exchange: Exchange, target: Target): (change: WatchedChange) => string {
    const { representation, version } = negotiate(exchange.accepted);
    const { kind } = target;
    if (representation === 'object') return ({ type, text }) => `{"type":"${type}","object":${text}}\n`;
    if (representation === 'metadata') {
      return ({ type, object }) => `${JSON.stringify({ type, object: partialMetadata(object, version) })}\n`;
    }
    const included = includeObject(exchange);
    let hasColumns = true;
    return ({ type, object }) => {
      // A bookmark is nothing but its metadata.
      const options = { version, includeObject: type === 'BOOKMARK' ? ('Metadata' as const) : included, hasColumns };
      hasColumns = false;
      const { resourceVersion } = object.metadata;
      const rows: KubernetesObject[] = [object];
      const table = printTable(kind, rows, { resourceVersion }, options, this.#context.now());
      return `${JSON.stringify({ type, object: table })}\n`;
    };
  }
}
