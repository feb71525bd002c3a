// A follower's eye on its parent: what state it is in, and whether it can be asked at all (RPC state-machine.monitor).
import type { BrokerParts } from '../broker-parts.ts';
import { LogLevel } from '../module.ts';
import { eventFromParent, eventFromParentError } from '../state-machine/parent-watch.ts';
import { BrokerState } from '../state-machine/states.ts';

export class ParentMonitor {
  readonly #broker: BrokerParts;
  #state: number | undefined;
  #hasFailed = false;

  constructor(broker: BrokerParts) {
    this.#broker = broker;
  }

  /** Follows the parent's states until `signal`, or until the parent cannot be asked any more. */
  async follow(signal: AbortSignal): Promise<void> {
    const { flux } = this.#broker;
    try {
      const states = flux.stream<{ state: number }>(
        'state-machine.monitor',
        { final: BrokerState.shutdown },
        { upstream: true, signal },
      );
      for await (const { state } of states) {
        this.#state = state;
        this.check();
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#broker.report(LogLevel.debug, `state-machine.monitor: ${(error as Error).message}`);
      this.failed();
      this.check();
    }
  }

  /** The parent is gone for good. */
  failed(): void {
    this.#hasFailed = true;
  }

  /** Posts what the parent's state, as it was last seen, means in the state of now. */
  check(): void {
    const { machine } = this.#broker;
    const event = this.#hasFailed
      ? eventFromParentError(machine.state)
      : this.#state !== undefined
        ? eventFromParent(machine.state, this.#state)
        : undefined;
    if (event !== undefined) machine.post(event);
  }
}
