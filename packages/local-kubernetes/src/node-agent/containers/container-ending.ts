// How a running container is ended: its preStop hook, its turn, SIGTERM, and SIGKILL when the grace period is over
// (Kubernetes documentation, "Pod Lifecycle", termination of pods). Hook and turn count against the grace period.

import { after } from '../host/long-timer.ts';
import type { ContainerProcess } from '../processes/container-process.ts';

/** What a container has after SIGTERM, even when its hook took all the time there was. */
const leastMs = 2000;

export interface EndingSteps {
  readonly preStop?: () => Promise<unknown>;
  /** Resolves when those have ended that are to end before it. */
  readonly turn?: Promise<unknown>;
}

export class ContainerEnding {
  readonly #running: ContainerProcess;
  /** In milliseconds since the epoch. */
  #end = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => {};
  #isTold = false;
  #timeIsOver: () => void = () => {};
  readonly #timeOver: Promise<void>;

  constructor(running: ContainerProcess) {
    this.#running = running;
    this.#timeOver = new Promise((resolve) => {
      this.#timeIsOver = resolve;
    });
    void running.ended.then(() => this.#disarm());
  }

  /** Whether SIGTERM has been sent. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** Ends it within `graceMs`, unless it is to end sooner already; at 0 it is killed at once. */
  within(graceMs: number): void {
    const end = Date.now() + graceMs;
    if (end >= this.#end) return;
    this.#end = end;
    if (graceMs > 0) {
      this.#arm();
      return;
    }
    this.#running.signal('SIGKILL');
    this.#timeIsOver();
  }

  /** Resolves when it has ended. To be called once, after `within`. */
  async carryOut({ preStop, turn }: EndingSteps): Promise<void> {
    const { ended } = this.#running;
    if (this.#end > Date.now()) {
      if (preStop) await Promise.race([preStop(), this.#timeOver, ended]);
      if (turn) await Promise.race([turn, this.#timeOver, ended]);
      this.#isTold = true;
      this.#end = Math.max(this.#end, Date.now() + leastMs);
      this.#running.signal('SIGTERM');
    }
    this.#arm();
    await ended;
  }

  #arm(): void {
    this.#disarm();
    if (this.#running.hasEnded) return;
    this.#disarm = after(this.#end - Date.now(), () => {
      if (this.#isTold) this.#running.signal('SIGKILL');
      else this.#timeIsOver();
    });
  }
}
