// Runs the table of states: events are taken one at a time, never inside one another, and whoever needs to act on a
// state is told when it is entered.
import type { Clock } from '../clock.ts';
import { LogLevel } from '../module.ts';
import { type BrokerStateName, nextState } from './states.ts';

export interface StateMachineOptions {
  clock: Clock;
  log(level: number, text: string): void;
  /** `1.5s` for 1500; the broker's printDuration. */
  showDuration(seconds: number): string;
}

export class StateMachine {
  readonly #options: StateMachineOptions;
  readonly #observers: ((state: BrokerStateName) => void)[] = [];
  readonly #events: string[] = [];
  #state: BrokerStateName = 'load-builtins';
  #since: number;
  #running = false;

  constructor(options: StateMachineOptions) {
    this.#options = options;
    this.#since = options.clock.now();
  }

  get state(): BrokerStateName {
    return this.#state;
  }

  /** How long the state has lasted. */
  get durationSeconds(): number {
    return (this.#options.clock.now() - this.#since) / 1000;
  }

  /** Called on entry to each state, the first one by {@link kickOff}. Observers run in the order they came. */
  observe(observer: (state: BrokerStateName) => void): void {
    this.#observers.push(observer);
  }

  kickOff(): void {
    this.#since = this.#options.clock.now();
    for (const observer of this.#observers) observer(this.#state);
  }

  /** An event that means nothing in the present state is ignored. */
  post(event: string): void {
    this.#events.push(event);
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#take(next);
      this.#running = false;
    });
  }

  #take(event: string): void {
    const next = nextState(this.#state, event);
    if (next === undefined || next === this.#state) {
      this.#options.log(LogLevel.debug, `${event}: ignored in ${this.#state}`);
      return;
    }
    const duration = this.#options.showDuration(this.durationSeconds);
    this.#options.log(LogLevel.info, `${event}: ${this.#state}->${next} ${duration}`);
    this.#since = this.#options.clock.now();
    this.#state = next;
    for (const observer of this.#observers) observer(next);
  }
}
