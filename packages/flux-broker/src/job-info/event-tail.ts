// The lines of one eventlog, as they are written: one watch in the KVS for all who read it.
import { type Flux, FluxError } from '@ebb/flux-client';

/** What a reader of a tail is told, in this order: lines, once that there were no more at first, lines, the end. */
export interface TailReader {
  line(text: string): void;
  /** All that stood in the log at first has been told; `exists` is false when there is no such log yet. */
  caughtUp(exists: boolean): void;
  /** No more lines come: ENOTSUP when the namespace is gone. Not called after {@link EventTail.leave}. */
  end(error: FluxError): void;
}

// kvs-watch: watch, wait until the key is made, one answer for each piece that is appended, a mark after the first ones.
const followFlags = 4 | 8 | 256 | 1024;

export class EventTail {
  readonly #lines: string[] = [];
  readonly #readers = new Set<TailReader>();
  readonly #keepsLines: boolean;
  readonly #abort = new AbortController();
  readonly #onIdle: () => void;
  #isCaughtUp = false;
  #count = 0;
  #error: FluxError | undefined;

  /**
   * Follows a key. `keepsLines`: readers may come later, and are told all lines; else one reader joins, at once.
   * `onIdle` is called when the last reader has left.
   */
  constructor(flux: Flux, namespace: string, key: string, keepsLines: boolean, onIdle: () => void) {
    this.#keepsLines = keepsLines;
    this.#onIdle = onIdle;
    this.#follow(flux, namespace, key).then(
      () => this.#end(new FluxError('ENODATA')),
      (error: unknown) => this.#end(error instanceof FluxError ? error : new FluxError('EIO', String(error))),
    );
  }

  join(reader: TailReader): void {
    this.#readers.add(reader);
    // A reader may leave at any line.
    const tell = (what: () => void) => {
      if (this.#readers.has(reader)) what();
    };
    for (const line of this.#lines) tell(() => reader.line(line));
    if (this.#isCaughtUp) tell(() => reader.caughtUp(this.#count > 0));
    if (this.#error) {
      const error = this.#error;
      tell(() => reader.end(error));
    }
  }

  leave(reader: TailReader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    this.#abort.abort();
    this.#onIdle();
  }

  async #follow(flux: Flux, namespace: string, key: string): Promise<void> {
    const request = { namespace, key, flags: followFlags };
    const { signal } = this.#abort;
    let rest = '';
    for await (const answer of flux.stream<{ val: { data: string } } | undefined>('kvs-watch.lookup', request, {
      signal,
    })) {
      if (!answer) {
        this.#catchUp();
        continue;
      }
      const text = rest + Buffer.from(answer.val.data, 'base64').toString('utf8');
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      for (const line of linesOf(text.slice(0, end))) this.#line(line);
    }
  }

  #line(line: string): void {
    this.#count++;
    if (this.#keepsLines) this.#lines.push(line);
    this.#tell((reader) => reader.line(line));
  }

  #catchUp(): void {
    this.#isCaughtUp = true;
    this.#tell((reader) => reader.caughtUp(this.#count > 0));
  }

  #end(error: FluxError): void {
    this.#error = error;
    this.#tell((reader) => reader.end(error));
  }

  #tell(what: (reader: TailReader) => void): void {
    // A copy: one who joins meanwhile has been told all that came before.
    for (const reader of [...this.#readers]) if (this.#readers.has(reader)) what(reader);
  }
}

/** The lines of a text, each with its newline. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n/g) ?? [];
}
