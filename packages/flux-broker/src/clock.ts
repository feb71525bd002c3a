// Time as the broker sees it. Everything that waits or stamps takes a Clock, so that tests and simulations own time.

/** A timer that has been set. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the Unix epoch, with a fraction. */
  now(): number;
  /** Calls back once after `delayMs`. A timer never keeps a process alive by itself. */
  after(delayMs: number, callback: () => void): Timer;
  /** Calls back every `periodMs` until cancelled. A timer never keeps a process alive by itself. */
  every(periodMs: number, callback: () => void): Timer;
}

/** The machine's own clock, monotonic within a process: it starts at the wall time and follows performance.now(). */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(periodMs, callback) {
    const handle = setInterval(callback, periodMs);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};
