// Timers of a broker that mean something only as long as it is in one state.
import { parseDuration } from '@ebb/flux-formats';
import type { AttributeStore } from '../attributes/attribute-store.ts';
import type { Clock, Timer } from '../clock.ts';
import type { StateMachine } from '../state-machine/state-machine.ts';
import type { BrokerStateName } from '../state-machine/states.ts';

export class StateTimers {
  readonly #machine: StateMachine;
  readonly #clock: Clock;
  readonly #attributes: AttributeStore;
  readonly #timers = new Set<Timer>();

  constructor(machine: StateMachine, { clock, attributes }: { clock: Clock; attributes: AttributeStore }) {
    this.#machine = machine;
    this.#clock = clock;
    this.#attributes = attributes;
  }

  /** Once after so many milliseconds, if the state is still this one. */
  after(delayMs: number, state: BrokerStateName, action: () => void): void {
    const timer = this.#clock.after(delayMs, () => {
      this.#timers.delete(timer);
      if (this.#machine.state === state) action();
    });
    this.#timers.add(timer);
  }

  /** Again and again with the period in an attribute (RFC 23; `none`: never), as long as the state lasts. */
  repeat(attribute: string, state: BrokerStateName, action: () => void): void {
    const period = this.#attributes.get(attribute) ?? 'none';
    if (period === 'none') return;
    this.after(parseDuration(period) * 1000, state, () => {
      action();
      this.repeat(attribute, state, action);
    });
  }

  cancelAll(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
