// Hands messages to in-process receivers after the sender's call has returned, in order, so that a handler never runs
// inside another one. A long burst gives way to I/O now and then.

const burst = 512;

export class DeliveryQueue {
  #pending: (() => void)[] = [];
  #scheduled = false;

  /** Runs `task` soon, after all tasks pushed before it. Tasks must not throw. */
  push(task: () => void): void {
    this.#pending.push(task);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    for (let done = 0; done < burst; ) {
      const batch = this.#pending;
      if (batch.length === 0) {
        this.#scheduled = false;
        return;
      }
      this.#pending = [];
      for (const task of batch) task();
      done += batch.length;
    }
    setImmediate(() => this.#drain());
  }
}
