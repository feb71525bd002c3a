// Looks after the services that the broker serves itself: when each was last used, and the answers that every service
// gives.
import { type Message, serviceOf } from '@ebb/flux-client';
import { MessageCounters, pingResponse, resourceUsageResponse, wantsResponse } from '../modules/default-methods.ts';
import type { ModuleRow } from '../modules/module-host.ts';
import type { LocalPeer } from '../routing/local-peer.ts';
import { deriveResponse } from '../routing/wire.ts';

export class CoreServices {
  readonly #rank: number;
  readonly #uuid: string;
  readonly #now: () => number;
  readonly #lastUsed: Map<string, number>;
  readonly #counters = new MessageCounters();

  constructor(rank: number, uuid: string, names: readonly string[], now: () => number) {
    this.#rank = rank;
    this.#uuid = uuid;
    this.#now = now;
    this.#lastUsed = new Map(names.map((name) => [name, now()]));
  }

  /** True when the message was answered here. */
  intercept(message: Message, peer: LocalPeer): boolean {
    if (message.type !== 'request' || message.topic === undefined) return false;
    this.#counters.received(message);
    const service = serviceOf(message.topic);
    this.#lastUsed.set(service, this.#now());
    const response = this.#response(message.topic.slice(service.length + 1), message, service);
    if (!response) return false;
    if (wantsResponse(message)) peer.receive(response);
    return true;
  }

  /** Rows of `flux module list` for the built-in modules. */
  rows(names: readonly string[]): ModuleRow[] {
    const now = this.#now();
    return names.map((name) => ({
      name,
      path: 'builtin',
      idle: Math.floor((now - (this.#lastUsed.get(name) ?? now)) / 1000),
      status: 1,
      services: [name],
      sendqueue: 0,
      recvqueue: 0,
    }));
  }

  #response(method: string, message: Message, service: string): Message | undefined {
    if (method === 'ping') return pingResponse(message, this.#uuid, this.#rank);
    if (method === 'rusage') return resourceUsageResponse(message);
    if (method === 'stats-get' && !['overlay', 'groups', 'log'].includes(service)) {
      return deriveResponse(message, 0, JSON.stringify(this.#counters.show()));
    }
    return undefined;
  }
}
