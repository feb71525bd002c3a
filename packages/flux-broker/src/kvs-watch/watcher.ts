// One `kvs-watch.lookup`: what of a key it answers, and when (flux-core: kvs-watch).
import { FluxError, type Request } from '@ebb/flux-client';
import { printJson, type TreeObject, valueObject } from '@ebb/flux-formats';
import { Directory, type Entry, Link, Value } from '../kvs/entries.ts';
import { normalizeKey } from '../kvs/key.ts';
import { findEntry, type LookupContext, LookupFlag, lookup } from '../kvs/lookup.ts';
import type { Namespace } from '../kvs/namespace.ts';

/** The payload of `kvs-watch.lookup`. */
export interface WatchRequest {
  namespace: string;
  key: string;
  flags: number;
}

const onlyWhenWatching =
  LookupFlag.watchFull | LookupFlag.watchUnique | LookupFlag.watchAppend | LookupFlag.initialSentinel;

/** @throws FluxError EPROTO and EINVAL for a request that cannot be */
export function checkWatch(request: Request): WatchRequest {
  const { namespace, key, flags } = request.json();
  if (typeof namespace !== 'string' || typeof key !== 'string' || typeof flags !== 'number')
    throw new FluxError('EPROTO');
  const has = (flag: number) => (flags & flag) !== 0;
  const needsStream = [
    ['watch', LookupFlag.watch],
    ['stream', LookupFlag.stream],
  ] as const;
  for (const [name, flag] of needsStream) {
    if (has(flag) && !request.isStreaming) {
      throw new FluxError('EPROTO', `KVS ${name} request rejected without streaming RPC flag`);
    }
  }
  const { watch, stream, watchAppend, initialSentinel } = LookupFlag;
  if (has(watch) && has(stream)) throw new FluxError('EINVAL', 'Cannot KVS watch and stream at the same time');
  if (!has(watch) && has(onlyWhenWatching)) {
    throw new FluxError('EINVAL', 'Must set KVS watch flag with other watch flags');
  }
  if (!has(watchAppend) && has(initialSentinel)) {
    throw new FluxError('EINVAL', 'Must set KVS watch append flag with initial sentinel flag');
  }
  return { namespace, key: normalizeKey(key), flags };
}

export class Watcher {
  readonly request: Request;
  readonly namespace: string;
  readonly #key: string;
  readonly #flags: number;
  readonly #context: LookupContext;
  readonly #onEnd: () => void;
  #stopListening: () => void = () => {};
  #hasAnswered = false;
  #hasEnded = false;
  // Of a value that is followed piece by piece: so many were sent.
  #sent = 0;
  #previous: string | undefined;
  #sentinelIsDue: boolean;

  constructor(request: Request, { namespace, key, flags }: WatchRequest, context: LookupContext, onEnd: () => void) {
    this.request = request;
    this.namespace = namespace;
    this.#key = key;
    this.#flags = flags;
    this.#context = context;
    this.#onEnd = onEnd;
    this.#sentinelIsDue = this.#has(LookupFlag.initialSentinel);
  }

  /** Whether it waits for a namespace to be made. */
  get waitsForNamespace(): boolean {
    return this.#has(LookupFlag.waitCreate) && !this.#hasAnswered;
  }

  /** Answers what stands in the namespace now, and follows it. */
  follow(namespace: Namespace): void {
    if (!this.#attempt(() => namespace.authorize(this.request))) return;
    this.#stopListening = namespace.onChange(
      (change) => (change === 'removed' ? this.fail('ENOTSUP') : this.#look(namespace)),
      this.#has(LookupFlag.watchFull) ? undefined : this.#key,
    );
    this.#look(namespace);
  }

  /** Ends it; `ENODATA` is the end its sender asked for. */
  fail(errno: string, text?: string): void {
    if (this.#hasEnded) return;
    this.end();
    this.request.respondError(errno, text);
  }

  /** Ends it without a word: its sender is gone, or has all it wanted. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopListening();
    this.#onEnd();
  }

  #look(namespace: Namespace): void {
    this.#attempt(() => {
      const isFound = this.#isByPiece
        ? this.#answerPieces(findEntry(this.#context, namespace.tree.root, this.#key, this.#lookupFlags))
        : this.#answerValue(lookup(this.#context, namespace.tree.root, this.#key, this.#lookupFlags));
      if (!isFound && !this.waitsForNamespace) throw new FluxError('ENOENT');
      this.#sendSentinel();
      if (!isFound) return;
      if (this.#has(LookupFlag.stream)) this.fail('ENODATA');
      else if (!this.#has(LookupFlag.watch)) this.end();
    });
  }

  #answerValue(val: TreeObject | undefined): boolean {
    if (!val) return false;
    if (this.#has(LookupFlag.watchFull | LookupFlag.watchUnique)) {
      const text = printJson(val);
      if (text === this.#previous) return true;
      this.#previous = text;
    }
    this.#hasAnswered = true;
    this.request.respond({ val });
    return true;
  }

  /** Each piece that was appended is an answer of its own. */
  #answerPieces(entry: Entry | undefined): boolean {
    if (!entry) return false;
    if (this.#hasAnswered && (!(entry instanceof Value) || entry.isInline)) {
      throw new FluxError('EINVAL', 'value of key watched with WATCH_APPEND overwritten');
    }
    if (!(entry instanceof Value)) {
      const how = this.#has(LookupFlag.stream) ? 'streamed' : 'watched with WATCH_APPEND';
      throw new FluxError(entry instanceof Directory ? 'EISDIR' : 'EINVAL', `${kindOf(entry)} cannot be ${how}`);
    }
    if (entry.length < this.#sent) throw new FluxError('EINVAL', 'key watched with WATCH_APPEND shortened');
    for (const piece of entry.load(this.#context.store, this.#sent)) this.request.respond({ val: valueObject(piece) });
    this.#sent = entry.length;
    this.#hasAnswered = true;
    return true;
  }

  #sendSentinel(): void {
    if (this.#sentinelIsDue) this.request.respond();
    this.#sentinelIsDue = false;
  }

  /** False when it failed, which ends the watch. */
  #attempt(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      const { code, hasText, message } = error instanceof FluxError ? error : new FluxError('EIO', String(error));
      this.fail(code, hasText ? message : undefined);
      return false;
    }
  }

  get #isByPiece(): boolean {
    return this.#has(LookupFlag.watchAppend | LookupFlag.stream);
  }

  get #lookupFlags(): number {
    return this.#isByPiece ? this.#flags | LookupFlag.treeObject : this.#flags;
  }

  #has(flag: number): boolean {
    return (this.#flags & flag) !== 0;
  }
}

function kindOf(entry: Entry): string {
  return entry instanceof Directory ? 'dirref' : entry instanceof Link ? 'symlink' : 'val';
}
