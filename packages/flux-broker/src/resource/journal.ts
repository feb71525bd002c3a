// The events of the resource service (RFC 44): kept in memory for `resource.journal`, those that must outlive the
// instance also in the KVS under `resource.eventlog` (flux-core: resource/reslog.c). An event takes effect for others
// once it is stored.
import { FluxError, type Request } from '@ebb/flux-client';
import { type EventlogEntry, printEvent } from '@ebb/flux-formats';
import { Watchers } from '../services/watchers.ts';

export interface JournalOptions {
  now(): number;
  limit: number;
  /** Appends a line to the stored log. */
  store(line: string): Promise<void>;
  /** R, which goes with each `resource-define`. */
  resources(): unknown;
}

const batchSize = 100;

export class Journal {
  #events: EventlogEntry[];
  readonly #options: JournalOptions;
  readonly #consumers = new Watchers();
  readonly #listeners: ((event: EventlogEntry) => void)[] = [];
  /** Events take effect in the order in which they were posted. */
  #last: Promise<void> = Promise.resolve();

  constructor(history: readonly EventlogEntry[], options: JournalOptions) {
    this.#options = options;
    this.#events = history.filter(({ name }) => name !== 'resource-define');
    this.#truncate();
  }

  /** Calls back for each event when it has taken effect. */
  onEvent(listener: (event: EventlogEntry) => void): void {
    this.#listeners.push(listener);
  }

  setLimit(limit: number): void {
    this.#options.limit = limit;
    this.#truncate();
  }

  /** Resolves when the event has taken effect. `isStored` puts it into the KVS first. */
  post(
    name: string,
    context: Record<string, unknown> | undefined,
    options: { isStored: boolean; timestamp?: number },
  ): Promise<void> {
    const timestamp = options.timestamp ?? this.#options.now() / 1000;
    const event: EventlogEntry = context ? { timestamp, name, context } : { timestamp, name };
    this.#events.push(event);
    this.#truncate();
    const stored = options.isStored ? this.#options.store(printEvent(event)) : undefined;
    const done = this.#last.then(async () => {
      await stored;
      for (const listener of this.#listeners) listener(event);
      for (const [request] of this.#consumers) request.respond(this.#show([event]));
    });
    // A failure to store is the poster's to handle; events behind it go on.
    this.#last = done.catch(() => {});
    return done;
  }

  /** `resource.journal`: what happened so far, an empty batch as the mark, then each event as it comes. */
  watch(request: Request): void {
    if (!request.isStreaming) throw new FluxError('EPROTO', 'journal requires streaming RPC flag');
    let batch: EventlogEntry[] = [];
    const flush = () => {
      if (batch.length > 0) request.respond(this.#show(batch));
      batch = [];
    };
    for (const event of this.#events) {
      if (event.name === 'resource-define') {
        flush();
        request.respond(this.#show([event]));
        continue;
      }
      batch.push(event);
      if (batch.length >= batchSize) flush();
    }
    flush();
    request.respond({ events: [] });
    this.#consumers.add(request, undefined);
  }

  cancel(request: Request): void {
    this.#consumers.cancel(request, 'ENODATA');
  }

  disconnect(request: Request): void {
    this.#consumers.disconnect(request);
  }

  /** Ends all consumers, when everything posted has taken effect. */
  async close(): Promise<void> {
    await this.#last;
    this.#consumers.end('ENODATA');
  }

  #show(events: readonly EventlogEntry[]): object {
    const isDefinition = events.length === 1 && events[0]!.name === 'resource-define';
    return isDefinition ? { events, R: this.#options.resources() } : { events };
  }

  /** Drops the oldest events behind a `truncate` that carries the time of the last one dropped. */
  #truncate(): void {
    const { limit } = this.#options;
    if (this.#events.length <= limit) return;
    const dropped = this.#events.length - limit + 1;
    const timestamp = this.#events[dropped - 1]!.timestamp;
    this.#events = [{ timestamp, name: 'truncate' }, ...this.#events.slice(dropped)];
  }
}
