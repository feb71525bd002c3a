// The warning before the end: shell option `signal`, `--signal=SIG@TIME` (flux-core: shell/signal.c).

const longestTimer = 2 ** 31 - 1;

export class SignalTimer {
  readonly #signal: { readonly signum: number; readonly timeleft: number } | undefined;
  readonly #send: (signum: number, left: number) => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * `timeleft`: seconds before the end of the job; `send` learns how many are left in fact. Nothing is sent without a
   * signal.
   */
  constructor(signal: { signum: number; timeleft: number } | undefined, send: (signum: number, left: number) => void) {
    this.#signal = signal;
    this.#send = send;
  }

  /** The job's time limit, in seconds since 1970; 0 is none. */
  expire(expiration: number): void {
    this.stop();
    const signal = this.#signal;
    if (!signal || signal.timeleft <= 0 || expiration <= 0) return;
    const left = (expiration - signal.timeleft) * 1000 - Date.now();
    // A job that is shorter than the warning gets none.
    if (left <= 0) return;
    this.#timer = setTimeout(
      () => (left > longestTimer ? this.expire(expiration) : this.#send(signal.signum, expiration - Date.now() / 1000)),
      Math.min(left, longestTimer),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
