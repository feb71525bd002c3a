// One queue: whether it takes jobs, and whether its jobs are scheduled (flux-core: job-manager/queues.c; RFC 33).

/** A queue as checkpoint.job-manager keeps it. */
export interface SavedQueue {
  name?: string;
  enable: boolean;
  start: boolean;
  disable_reason?: string;
  stop_reason?: string;
}

/** Answer of `job-manager.queue-status`. */
export interface QueueStatus {
  enable: boolean;
  start: boolean;
  /** Of a virtual queue. */
  parent?: string;
  /** What keeps a queue that somebody started from scheduling. */
  blocked?: 'scheduler' | 'parent';
  disable_reason?: string;
  stop_reason?: string;
}

export class Queue {
  /** Undefined for the queue of jobs that name none. */
  readonly name: string | undefined;
  /** Queue whose jobs these are scheduled among (RFC 33 virtual queues). */
  parent: Queue | undefined;
  #disabled: string | undefined;
  #isStarted: boolean;
  #stopReason: string | undefined;
  /** What a restart brings back: all but what was said with nocheckpoint. */
  #startsAgain: boolean;

  constructor(name: string | undefined) {
    this.name = name;
    // Named queues are stopped until somebody starts them, as in flux-core.
    this.#isStarted = this.#startsAgain = name === undefined;
  }

  get isEnabled(): boolean {
    return this.#disabled === undefined;
  }

  get disableReason(): string | undefined {
    return this.#disabled;
  }

  /** Jobs of a virtual queue are scheduled while it and its parent are started. */
  get isStarted(): boolean {
    return this.#isStarted && (this.parent?.isStarted ?? true);
  }

  enable(): void {
    this.#disabled = undefined;
  }

  disable(reason: string): void {
    this.#disabled = reason;
  }

  start(nocheckpoint: boolean): void {
    this.#isStarted = true;
    this.#stopReason = undefined;
    if (!nocheckpoint) this.#startsAgain = true;
  }

  stop(reason: string | undefined, nocheckpoint: boolean): void {
    this.#isStarted = false;
    this.#stopReason = reason;
    if (!nocheckpoint) this.#startsAgain = false;
  }

  /** Whether what is done to this queue is done to jobs of that one. */
  covers(other: Queue): boolean {
    return other === this || other.parent === this;
  }

  status(isSchedulerReady: boolean): QueueStatus {
    const disabled = this.#disabled === undefined ? {} : { disable_reason: this.#disabled };
    const status = {
      enable: this.isEnabled,
      start: isSchedulerReady && this.isStarted,
      ...(this.parent ? { parent: this.parent.name! } : {}),
    };
    if (!isSchedulerReady) {
      const blocked = this.#isStarted ? { blocked: 'scheduler' as const } : {};
      return { ...status, ...blocked, ...disabled, stop_reason: 'Scheduler is offline' };
    }
    if (this.#isStarted && this.parent && !this.parent.isStarted) {
      const reason = `parent queue '${this.parent.name}' is stopped`;
      return { ...status, blocked: 'parent', ...disabled, stop_reason: reason };
    }
    const stopped = this.isStarted || this.#stopReason === undefined ? {} : { stop_reason: this.#stopReason };
    return { ...status, ...disabled, ...stopped };
  }

  save(): SavedQueue {
    return {
      enable: this.isEnabled,
      start: this.#startsAgain,
      ...(this.name === undefined ? {} : { name: this.name }),
      ...(this.#disabled === undefined ? {} : { disable_reason: this.#disabled }),
      ...(this.#startsAgain || this.#stopReason === undefined ? {} : { stop_reason: this.#stopReason }),
    };
  }

  restore({ enable, start, disable_reason, stop_reason }: SavedQueue): void {
    if (enable) this.enable();
    else this.disable(disable_reason ?? '');
    if (start) this.start(false);
    else this.stop(stop_reason, false);
  }
}
