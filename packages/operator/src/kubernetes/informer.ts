/**
 * A local copy of a collection, kept by list and watch (Kubernetes API concepts, "Efficient detection of changes"). A
 * watch that ends goes on from its last version; an expired version or a broken connection leads to a new list, with
 * back-off. What the operator itself wrote is put in at once, so that it reads its own writes.
 */
import type { KubernetesObject } from '@ebb/minicluster';
import { ApiError } from './api-error.ts';
import type { KubernetesApi } from './kubernetes-api.ts';
import type { Resource } from './resources.ts';

export interface InformerOptions {
  api: KubernetesApi;
  resource: Resource;
  namespace?: string;
  labelSelector?: string;
  /** What of an object is kept; all of it when not given. */
  keep?: (object: KubernetesObject) => KubernetesObject;
  /** Called for each object that came, changed or went. */
  onChange: (object: KubernetesObject) => void;
  onError?: (error: Error) => void;
  /** Shortest and longest pause between attempts. */
  backoffMs?: { first: number; most: number };
}

/** Objects per page of a list. */
const pageSize = 500;

export class Informer {
  readonly #options: InformerOptions;
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #synced: () => void = () => {};
  /** Resolves when the first list is in. */
  readonly synced: Promise<void>;

  constructor(options: InformerOptions) {
    this.#options = options;
    this.synced = new Promise((resolve) => {
      this.#synced = resolve;
    });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  get(namespace: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  list(): Iterable<KubernetesObject> {
    return this.#objects.values();
  }

  /** Puts in what a write answered, unless something newer is here already. */
  put(object: KubernetesObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known && !isNewer(object, known)) return;
    this.#set(key, object);
  }

  #set(key: string, object: KubernetesObject): void {
    this.#objects.set(key, this.#options.keep?.(object) ?? object);
  }

  async #run(): Promise<void> {
    const { first, most } = this.#options.backoffMs ?? { first: 200, most: 30_000 };
    let pause = first;
    let version: string | undefined;
    while (!this.#stop.signal.aborted) {
      try {
        version ??= await this.#listAll();
        this.#synced();
        version = await this.#watch(version, () => {
          pause = first;
        });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const expired = error instanceof ApiError && error.isExpired;
        if (!expired) this.#options.onError?.(error as Error);
        if (expired || !(error instanceof ApiError) || error.code !== 0) version = undefined;
        const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
        await sleep(Math.max(asked, pause * (0.75 + Math.random() / 2)), this.#stop.signal);
        pause = Math.min(pause * 2, most);
      }
    }
  }

  async #listAll(): Promise<string> {
    const { api, resource, namespace, labelSelector, onChange } = this.#options;
    const seen = new Set<string>();
    let next: string | undefined;
    let version = '';
    do {
      const page = await api.list(resource, namespace, {
        limit: pageSize,
        ...(labelSelector ? { labelSelector } : {}),
        ...(next ? { continue: next } : {}),
      });
      for (const object of page.items) {
        const key = keyOf(object);
        seen.add(key);
        const known = this.#objects.get(key);
        if (known?.metadata.resourceVersion === object.metadata.resourceVersion) continue;
        this.#set(key, object);
        onChange(object);
      }
      version = page.metadata.resourceVersion ?? '';
      next = page.metadata.continue || undefined;
    } while (next);
    for (const [key, object] of [...this.#objects]) {
      if (seen.has(key)) continue;
      this.#objects.delete(key);
      onChange(object);
    }
    return version;
  }

  /** The version to go on from. */
  async #watch(from: string, alive: () => void): Promise<string> {
    const { api, resource, namespace, labelSelector, onChange } = this.#options;
    let version = from;
    const began = Date.now();
    const events = api.watch(resource, namespace, {
      resourceVersion: from,
      signal: this.#stop.signal,
      ...(labelSelector ? { labelSelector } : {}),
    });
    for await (const { type, object } of events) {
      alive();
      version = object.metadata.resourceVersion ?? version;
      if (type === 'BOOKMARK') continue;
      const key = keyOf(object);
      if (type === 'DELETED') this.#objects.delete(key);
      else {
        const known = this.#objects.get(key);
        if (known && known.metadata.uid === object.metadata.uid && isNewer(known, object)) continue;
        this.#set(key, object);
      }
      onChange(object);
    }
    // A server that ends each watch at once must not be asked in a tight loop.
    if (Date.now() - began < 1000) await sleep(1000, this.#stop.signal);
    return version;
  }
}

export function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Versions of one object are compared as numbers (KEP-5504); anything else counts as newer. */
function isNewer(a: KubernetesObject, b: KubernetesObject): boolean {
  const [left, right] = [a.metadata.resourceVersion, b.metadata.resourceVersion];
  if (!left || !right || !/^\d+$/.test(left) || !/^\d+$/.test(right)) return true;
  return BigInt(left) > BigInt(right);
}

/** Sleeps, or wakes when the signal is given. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
