// The service `state-machine`: the broker's state for clients and children (reference 2.3, 3.9).
import type { Flux, Request } from '@ebb/flux-client';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import { Watchers } from '../services/watchers.ts';
import type { StateMachine } from './state-machine.ts';
import { BrokerState } from './states.ts';

export class StateService {
  readonly #machine: StateMachine;
  readonly #monitors = new Watchers<number>();
  readonly #waiters = new Watchers();

  constructor(flux: Flux, machine: StateMachine) {
    this.#machine = machine;
    flux.handle(
      'state-machine.get',
      (request) => request.respond({ state: machine.state, duration: machine.durationSeconds }),
      alsoGuests,
    );
    flux.handle('state-machine.wait', (request) => this.#wait(request), alsoGuests);
    flux.handle('state-machine.monitor', (request) => this.#monitor(request), ownerOnly);
    flux.handle('state-machine.sd-notify', (request) => request.respond(), ownerOnly);
    flux.handle(
      'state-machine.disconnect',
      (request) => {
        this.#monitors.disconnect(request);
        this.#waiters.disconnect(request);
      },
      alsoGuests,
    );
    machine.observe(() => this.#entered());
  }

  #wait(request: Request): void {
    if (!this.#answerWait(request)) this.#waiters.add(request, undefined);
  }

  #monitor(request: Request): void {
    const final = request.raw ? (request.json<{ final?: number }>().final ?? BrokerState.exit) : BrokerState.exit;
    if (this.#answerMonitor(request, final) && request.isStreaming) this.#monitors.add(request, final);
  }

  #entered(): void {
    for (const [request, final] of this.#monitors) {
      if (!this.#answerMonitor(request, final)) this.#monitors.remove(request);
    }
    for (const [request] of this.#waiters) if (this.#answerWait(request)) this.#waiters.remove(request);
  }

  /** True when more is to come. */
  #answerMonitor(request: Request, final: number): boolean {
    const state = BrokerState[this.#machine.state];
    if (state <= final) request.respond({ state });
    if (state < final) return true;
    if (request.isStreaming || state > final) request.respondError('ENODATA');
    return false;
  }

  /** True when it was answered. */
  #answerWait(request: Request): boolean {
    const state = BrokerState[this.#machine.state];
    if (state < BrokerState.run) return false;
    if (state === BrokerState.run) request.respond();
    else request.respondError('ENOENT', 'broker has surpassed RUN state');
    return true;
  }
}
