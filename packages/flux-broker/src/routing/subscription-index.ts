// Which local receivers want which events. Subscriptions match by prefix (RFC 3); the index looks up one prefix per
// length in use, so that thousands of subscriptions cost a handful of lookups per event.

export class SubscriptionIndex<Receiver> {
  readonly #receivers = new Map<string, Map<Receiver, number>>();
  readonly #lengths = new Map<number, number>();

  /** Subscriptions are counted: as many removals end one as there were additions. */
  add(prefix: string, receiver: Receiver): void {
    let receivers = this.#receivers.get(prefix);
    if (!receivers) {
      this.#receivers.set(prefix, (receivers = new Map()));
      this.#lengths.set(prefix.length, (this.#lengths.get(prefix.length) ?? 0) + 1);
    }
    receivers.set(receiver, (receivers.get(receiver) ?? 0) + 1);
  }

  /** False when there was no such subscription. */
  remove(prefix: string, receiver: Receiver): boolean {
    const receivers = this.#receivers.get(prefix);
    const count = receivers?.get(receiver);
    if (!receivers || count === undefined) return false;
    if (count > 1) receivers.set(receiver, count - 1);
    else this.#drop(prefix, receivers, receiver);
    return true;
  }

  /** Ends all subscriptions of one receiver, however often they were made. */
  removeAll(receiver: Receiver, prefixes: Iterable<string>): void {
    for (const prefix of prefixes) {
      const receivers = this.#receivers.get(prefix);
      if (receivers?.has(receiver)) this.#drop(prefix, receivers, receiver);
    }
  }

  /** Each receiver once, in no particular order. */
  match(topic: string): Set<Receiver> {
    const matched = new Set<Receiver>();
    for (const length of this.#lengths.keys()) {
      if (length > topic.length) continue;
      const receivers = this.#receivers.get(topic.slice(0, length));
      if (receivers) for (const receiver of receivers.keys()) matched.add(receiver);
    }
    return matched;
  }

  #drop(prefix: string, receivers: Map<Receiver, number>, receiver: Receiver): void {
    receivers.delete(receiver);
    if (receivers.size > 0) return;
    this.#receivers.delete(prefix);
    const others = this.#lengths.get(prefix.length)! - 1;
    if (others > 0) this.#lengths.set(prefix.length, others);
    else this.#lengths.delete(prefix.length);
  }
}
