/**
 * How many events one source may write about one object: 25 at once, and one more every five minutes, for each type. What
 * never gets well does not fill the store. Facts: client-go tools/record/events_cache.go, EventSourceObjectSpamFilter.
 */
import type { KubernetesObject } from '../client/kubernetes-object.ts';

const most = 25;
const refillMs = 300_000;
const mostRemembered = 4096;

interface Bucket {
  tokens: number;
  atMs: number;
}

export class EventAllowance {
  readonly #buckets = new Map<string, Bucket>();

  /** Whether one more may be written now; it counts from then on. */
  take({ apiVersion, kind, metadata }: KubernetesObject, type: string, now: Date): boolean {
    const { namespace, name, uid } = metadata;
    const key = [kind, namespace, name, uid, apiVersion, type].join('\n');
    const nowMs = now.getTime();
    const before = this.#buckets.get(key) ?? { tokens: most, atMs: nowMs };
    const tokens = Math.min(most, before.tokens + (nowMs - before.atMs) / refillMs);
    const isAllowed = tokens >= 1;
    // The longest unused one is forgotten first.
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, atMs: nowMs });
    if (this.#buckets.size > mostRemembered) this.#buckets.delete(this.#buckets.keys().next().value!);
    return isAllowed;
  }
}
