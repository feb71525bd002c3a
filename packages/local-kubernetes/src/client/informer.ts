// A local copy of a collection that follows the server's: list, then watch from there, and again from a fresh list when
// the watch's past is gone (410). Handlers see each change once; a lost connection is taken up again with back-off. Of
// two states of an object the one with the higher resourceVersion is the later (API concepts, "Resource versions").

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
  /** For each refresh that waits for its list: what has gone meanwhile, by uid. */
  readonly #refreshes = new Set<Set<string>>();
  /** The resourceVersion of the last whole list. */
  #listed = 0;
  #running: Promise<void> | undefined;
  #isSynced = false;
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

  /** Whether the first list has been taken over. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /**
   * Takes over what the server has of a namespace at this moment, before the watch may bring it. What is gone the watch
   * will tell.
   */
  async refresh(namespace: string): Promise<void> {
    const gone = new Set<string>();
    this.#refreshes.add(gone);
    try {
      const { items, resourceVersion } = await this.#list({ ...this.#collection, namespace });
      // A whole list of later has been taken over since: what went before it nobody told.
      if (Number(resourceVersion) < this.#listed) return;
      for (const item of items) {
        if (!gone.has(item.metadata.uid!) && !this.#isOld(item)) this.#put(item);
      }
    } finally {
      this.#refreshes.delete(gone);
    }
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
          // Known or not: a refresh may have it still.
          if (type === 'DELETED') this.#noteGone(object);
          if (this.#isOld(object)) continue;
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
    const { items, resourceVersion } = await this.#list(this.#collection);
    this.#listed = Number(resourceVersion);
    const seen = new Set(items.map(keyOf));
    for (const item of items) if (!this.#isOld(item)) this.#put(item);
    // A refresh may have brought what was made after this list.
    for (const [key, object] of [...this.#objects]) {
      if (!seen.has(key) && Number(object.metadata.resourceVersion) <= this.#listed) this.#remove(object);
    }
    this.#isSynced = true;
    this.#synced();
    return resourceVersion;
  }

  async #list(collection: CollectionRef): Promise<{ items: KubernetesObject[]; resourceVersion: string | undefined }> {
    const { items, metadata, kind, apiVersion } = await this.#client.list(collection, this.#selectors());
    // The items of a list do not say what they are; those of a watch do.
    const named = items.map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }));
    return { items: named, resourceVersion: metadata.resourceVersion };
  }

  /** Whether a later state of this name has been seen. */
  #isOld(object: KubernetesObject): boolean {
    const known = this.#objects.get(keyOf(object));
    return known !== undefined && Number(object.metadata.resourceVersion) < Number(known.metadata.resourceVersion);
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

  #tell(...told: Parameters<ChangeHandler>): void {
    const [object, change] = told;
    if (change === 'deleted') this.#noteGone(object);
    for (const handler of this.#handlers) handler(...told);
  }

  #noteGone(object: KubernetesObject): void {
    for (const gone of this.#refreshes) gone.add(object.metadata.uid!);
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
