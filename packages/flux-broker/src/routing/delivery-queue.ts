// Hands messages to in-process receivers after the sender's call has returned, in order, so that a handler never runs
// inside another one. After a burst, I/O and timers get their turn, whether the burst came at once or as a long chain
// of requests and answers.

const burst = 512;

export class DeliveryQueue {
  #pending: (() => void)[] = [];
  #scheduled = false;
  #budget = burst;

  /** Runs `task` soon, after all tasks pushed before it. Tasks must not throw. */
  push(task: () => void): void {
    this.#pending.push(task);
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#budget > 0) queueMicrotask(() => this.#drain());
    else this.#yield();
  }

  #drain(): void {
    while (this.#pending.length > 0) {
      if (this.#budget <= 0) {
        this.#yield();
        return;
      }
      const batch = this.#pending;
      this.#pending = [];
      this.#budget -= batch.length;
      for (const task of batch) task();
    }
    this.#scheduled = false;
  }

  #yield(): void {
    setImmediate(() => {
      this.#budget = burst;
      this.#drain();
    });
  }
}
