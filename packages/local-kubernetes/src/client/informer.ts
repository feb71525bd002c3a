// A local copy of a collection that follows the server's: list, then watch from there, and again from a fresh list when
// the watch's past is gone (410). Handlers see each change once; a lost connection is taken up again with back-off.

import type { CollectionRef, KubernetesClient } from './kubernetes-client.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { StatusError } from './status-error.ts';

export interface InformerOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Called for what went wrong with a list or watch that is tried again. */
  readonly onError?: (error: unknown) => void;
}

/** @param before the object as it was, where it was modified */
export type ChangeHandler = (
  object: KubernetesObject,
  change: 'added' | 'modified' | 'deleted',
  before?: KubernetesObject,
) => void;

const firstDelayMs = 100;
const longestDelayMs = 10_000;

export class Informer {
  readonly #client: KubernetesClient;
  readonly #collection: CollectionRef;
  readonly #options: InformerOptions;
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #handlers: ChangeHandler[] = [];
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #synced!: () => void;
  /** Resolves when the first list has been taken over. */
  readonly synced: Promise<void>;

  constructor(client: KubernetesClient, collection: CollectionRef, options: InformerOptions = {}) {
    this.#client = client;
    this.#collection = collection;
    this.#options = options;
    this.synced = new Promise((resolve) => {
      this.#synced = resolve;
    });
  }

  onChange(handler: ChangeHandler): this {
    this.#handlers.push(handler);
    return this;
  }

  start(): this {
    this.#running ??= this.#run();
    return this;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  get(namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.#objects.get(`${namespace ?? ''}/${name}`);
  }

  list(): KubernetesObject[] {
    return [...this.#objects.values()];
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let delayMs = firstDelayMs;
    let resourceVersion: string | undefined;
    while (!signal.aborted) {
      try {
        resourceVersion ??= await this.#relist();
        delayMs = firstDelayMs;
        for await (const { type, object } of this.#client.watch(this.#collection, {
          ...this.#selectors(),
          resourceVersion,
          allowWatchBookmarks: true,
          signal,
        })) {
          resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
          if (type === 'ADDED' || type === 'MODIFIED') this.#put(object);
          else if (type === 'DELETED') this.#remove(object);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof StatusError && error.code === 410) resourceVersion = undefined;
        else {
          this.#options.onError?.(error);
          await pause(delayMs, signal);
          delayMs = Math.min(delayMs * 2, longestDelayMs);
        }
      }
    }
  }

  async #relist(): Promise<string | undefined> {
    const { items: plain, metadata, kind, apiVersion } = await this.#client.list(this.#collection, this.#selectors());
    // The items of a list do not say what they are; those of a watch do.
    const items = plain.map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }));
    const seen = new Set(items.map(keyOf));
    for (const item of items) this.#put(item);
    for (const [key, object] of [...this.#objects]) if (!seen.has(key)) this.#remove(object);
    this.#synced();
    return metadata.resourceVersion;
  }

  #put(object: KubernetesObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#objects.set(key, object);
    // The same name under another uid is another object.
    const isSame = known?.metadata.uid === object.metadata.uid;
    if (known && !isSame) this.#tell(known, 'deleted');
    if (known && isSame) this.#tell(object, 'modified', known);
    else this.#tell(object, 'added');
  }

  #remove(object: KubernetesObject): void {
    if (this.#objects.delete(keyOf(object))) this.#tell(object, 'deleted');
  }

  #tell(...change: Parameters<ChangeHandler>): void {
    for (const handler of this.#handlers) handler(...change);
  }

  #selectors(): { labelSelector?: string; fieldSelector?: string } {
    const { labelSelector, fieldSelector } = this.#options;
    return { ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}) };
  }
}

function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
