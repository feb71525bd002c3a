/**
 * Events of one reason about one object, whose messages differ: from the tenth on they share one event, which has the
 * newest message, until none has come for ten minutes. Facts: client-go tools/record/events_cache.go.
 */
const mostApart = 10;
const togetherMs = 600_000;
const mostRemembered = 4096;

interface Similar {
  readonly messages: Set<string>;
  lastMs: number;
}

export interface ToldEvent {
  /** Under which repetitions are counted. */
  readonly key: string;
  readonly message: string;
}

export class SimilarEvents {
  readonly #byGroup = new Map<string, Similar>();

  /** @param group what events that are alike have in common */
  told(group: string, message: string, now: Date): ToldEvent {
    const known = this.#byGroup.get(group);
    const isOld = known === undefined || now.getTime() - known.lastMs > togetherMs;
    const similar = isOld ? { messages: new Set<string>(), lastMs: 0 } : known;
    similar.messages.add(message);
    similar.lastMs = now.getTime();
    this.#byGroup.set(group, similar);
    if (this.#byGroup.size > mostRemembered) this.#byGroup.delete(this.#byGroup.keys().next().value!);
    if (similar.messages.size < mostApart) return { key: `${group}\n${message}`, message };
    similar.messages.delete(similar.messages.values().next().value!);
    return { key: group, message: `(combined from similar events): ${message}` };
  }
}
