// `resource.acquire`: the stream by which the scheduler learns what it may use (RFC 28). One client at a time.
import { FluxError, type Request } from '@ebb/flux-client';
import { Idset, type ResourceSet } from '@ebb/flux-formats';
import { Watchers } from '../services/watchers.ts';
import { acquireUpdate, type RankState, schedulable, upRanks } from './availability.ts';

interface Grant {
  /** Undefined until the first answer. */
  valid: Idset | undefined;
  up: Idset;
  removed: Idset;
}

export class Acquire {
  readonly #clients = new Watchers<Grant>();
  readonly #resources: () => ResourceSet | undefined;
  readonly #state: () => RankState;
  #isMute = false;

  constructor(resources: () => ResourceSet | undefined, state: () => RankState) {
    this.#resources = resources;
    this.#state = state;
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** @throws {FluxError} EBUSY for a second client. */
  start(request: Request): void {
    if (this.#clients.size > 0) throw new FluxError('EBUSY');
    const grant: Grant = { valid: undefined, up: Idset.of([]), removed: Idset.of([]) };
    this.#clients.add(request, grant);
    this.#answerFirst(request, grant);
  }

  /** R is known (again): clients that wait for it are answered. */
  defined(): void {
    if (this.#isMute) return;
    for (const [request, grant] of this.#clients) if (!grant.valid) this.#answerFirst(request, grant);
  }

  /** Something about the ranks changed. */
  changed(): void {
    if (this.#isMute) return;
    const state = this.#state();
    for (const [request, grant] of this.#clients) {
      if (!grant.valid) continue;
      const shrunk = state.shrinks ? state.lost.intersect(grant.valid).subtract(grant.removed) : Idset.of([]);
      grant.removed = grant.removed.union(shrunk);
      const up = upRanks(grant.valid, state);
      grant.valid = grant.valid.subtract(shrunk);
      const update = acquireUpdate(grant.up, up, shrunk);
      grant.up = up;
      if (update) request.respond(update);
    }
  }

  expires(expiration: number): void {
    if (this.#isMute) return;
    this.#clients.respond({ expiration });
  }

  /** Says no more: the instance goes down, and nothing new shall be scheduled. */
  mute(): void {
    this.#isMute = true;
  }

  cancel(request: Request): void {
    this.#clients.cancel(request, 'ECANCELED');
  }

  disconnect(request: Request): void {
    this.#clients.disconnect(request);
  }

  close(): void {
    this.#clients.end('ECANCELED', 'the resource module was unloaded');
  }

  #answerFirst(request: Request, grant: Grant): void {
    const resources = this.#resources();
    if (!resources) return;
    const state = this.#state();
    const visible = schedulable(resources, { ...state, shrinks: false });
    grant.valid = state.shrinks ? visible.ranks.subtract(state.lost) : visible.ranks;
    grant.removed = state.shrinks ? state.lost : grant.removed;
    grant.up = upRanks(grant.valid, state);
    request.respond({ resources: visible.toJSON(), up: grant.up.toString() });
  }
}
