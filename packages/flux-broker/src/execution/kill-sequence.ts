// The end of a job that does not end by itself: signals at growing intervals, and then its nodes are given up
// (flux-core: job-exec.c).
import { type ExecConfig, longestKillDelay } from './exec-config.ts';

export interface KillActions {
  /** Signals the tasks of the job. */
  signal(signum: number): void;
  /** What still runs cannot be ended. */
  giveUp(): void;
}

export class KillSequence {
  readonly #config: ExecConfig;
  readonly #actions: KillActions;
  #delay: number;
  /** Signals to the tasks, and to what is left of them later. */
  killCount = 0;
  killShellCount = 0;
  #killTimer: NodeJS.Timeout | undefined;
  #shellTimer: NodeJS.Timeout | undefined;
  #lastTimer: NodeJS.Timeout | undefined;

  constructor(config: ExecConfig, actions: KillActions) {
    this.#config = config;
    this.#actions = actions;
    this.#delay = config.killTimeout;
  }

  get isStarted(): boolean {
    return this.#shellTimer !== undefined;
  }

  /** Seconds to the next attempt. */
  get killTimeout(): number {
    return this.#delay;
  }

  /** The first signal is sent; the others follow. */
  start(): void {
    if (this.isStarted) return;
    const { killTimeout, killSignal, maxKillTimeout } = this.#config;
    this.#killTimer = setInterval(() => {
      this.killCount += 1;
      this.#actions.signal(killSignal);
    }, killTimeout * 1000);
    this.#shellTimer = setTimeout(() => this.#killAgain(), killTimeout * 5000);
    if (maxKillTimeout !== undefined) {
      this.#lastTimer = setTimeout(() => this.#actions.giveUp(), maxKillTimeout * 1000);
    }
  }

  stop(): void {
    clearInterval(this.#killTimer);
    clearTimeout(this.#shellTimer);
    clearTimeout(this.#lastTimer);
  }

  #killAgain(): void {
    const { killSignal, maxKillCount } = this.#config;
    clearInterval(this.#killTimer);
    this.killShellCount += 1;
    this.#actions.signal(killSignal);
    this.#delay = Math.min(this.#delay * 2, longestKillDelay);
    this.#shellTimer = setTimeout(() => this.#killAgain(), this.#delay * 1000);
    if (this.#lastTimer === undefined && this.killShellCount >= maxKillCount) this.#actions.giveUp();
  }
}
