// The service `groups`: sets of ranks that brokers and their clients join and leave, reduced up the tree to rank 0
// (reference 3.8; flux-core: modules/groups). A subtree that is lost leaves every group.
import { type Flux, FluxError, type Request, Role } from '@ebb/flux-client';
import { Idset } from '@ebb/flux-formats';
import type { Clock, Timer } from '../clock.ts';
import type { Child } from '../overlay/child.ts';
import type { Topology } from '../overlay/topology.ts';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import { Watchers } from '../services/watchers.ts';
import { type GroupUpdate, Membership, mergeUpdate } from './membership.ts';

/** Changes are collected this long. The tree is as deep as the delays add up, so it is kept short. */
const batchMs = 20;

export interface GroupsOptions {
  rank: number;
  topology: Topology;
  clock: Clock;
}

export class GroupsService {
  readonly #flux: Flux;
  readonly #options: GroupsOptions;
  readonly #membership = new Membership();
  readonly #joined = new Map<string, Request>();
  readonly #watchers = new Map<string, Watchers>();
  readonly #torpid = new Set<number>();
  #batch: GroupUpdate = {};
  #timer: Timer | undefined;

  constructor(flux: Flux, options: GroupsOptions) {
    this.#flux = flux;
    this.#options = options;
    flux.handle('groups.join', (request) => this.#join(request), ownerOnly);
    flux.handle('groups.leave', (request) => this.#leave(request), ownerOnly);
    flux.handle('groups.get', (request) => this.#get(request), alsoGuests);
    flux.handle('groups.update', (request) => this.#add(request.json<{ update: GroupUpdate }>().update), ownerOnly);
    flux.handle('groups.stats-get', (request) => request.respond({ subtree: this.#show() }), alsoGuests);
    flux.handle('groups.disconnect', (request) => this.#disconnect(request), alsoGuests);
  }

  /** The overlay's news of a child. */
  childChanged(child: Pick<Child, 'rank' | 'isOnline' | 'torpid'>): void {
    this.#flush();
    if (!child.isOnline) {
      const { topology } = this.#options;
      const ranks = Idset.of([child.rank, ...topology.descendants(child.rank)]);
      this.#torpid.delete(child.rank);
      this.#add(this.#membership.departure(ranks));
      this.#flush();
      return;
    }
    if (child.torpid === this.#torpid.has(child.rank)) return;
    if (child.torpid) this.#torpid.add(child.rank);
    else this.#torpid.delete(child.rank);
    this.#add({ 'broker.torpid': [{ ranks: String(child.rank), set: child.torpid }] });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #join(request: Request): void {
    const { name } = request.json<{ name: string }>();
    requireLocal(request, 'groups.join');
    const { rank } = this.#options;
    if (this.#joined.has(name)) throw new FluxError('EEXIST', `rank ${rank} is already a member of ${name}`);
    this.#joined.set(name, request);
    this.#add({ [name]: [{ ranks: String(rank), set: true }] });
    request.respond();
  }

  #leave(request: Request): void {
    const { name } = request.json<{ name: string }>();
    requireLocal(request, 'groups.leave');
    const { rank } = this.#options;
    if (!this.#joined.delete(name)) throw new FluxError('ENOENT', `rank ${rank} is not a member of ${name}`);
    this.#add({ [name]: [{ ranks: String(rank), set: false }] });
    request.respond();
  }

  #get(request: Request): void {
    const { name } = request.json<{ name: string }>();
    if (this.#options.rank !== 0) throw new FluxError('EPROTO', 'this RPC is only available on rank 0');
    request.respond({ members: this.#membership.members(name).toString() });
    if (!request.isStreaming) return;
    let watchers = this.#watchers.get(name);
    if (!watchers) this.#watchers.set(name, (watchers = new Watchers()));
    watchers.add(request, undefined);
  }

  #disconnect(request: Request): void {
    for (const watchers of this.#watchers.values()) watchers.disconnect(request);
    for (const [name, joined] of this.#joined) {
      if (joined.sender !== request.sender) continue;
      this.#joined.delete(name);
      this.#add({ [name]: [{ ranks: String(this.#options.rank), set: false }] });
    }
  }

  #add(update: GroupUpdate): void {
    mergeUpdate(this.#batch, update);
    const isLeaf = this.#options.topology.children(this.#options.rank).length === 0;
    if (isLeaf) this.#flush();
    else this.#timer ??= this.#options.clock.after(batchMs, () => this.#flush());
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const update = this.#batch;
    if (Object.keys(update).length === 0) return;
    this.#batch = {};
    if (this.#options.rank > 0) this.#flux.send('groups.update', { update }, { upstream: true });
    for (const name of this.#membership.apply(update)) {
      this.#watchers.get(name)?.respond({ members: this.#membership.members(name).toString() });
    }
  }

  #show(): Record<string, string> {
    return Object.fromEntries(
      this.#membership.names().map((name) => [name, this.#membership.members(name).toString()]),
    );
  }
}

function requireLocal(request: Request, topic: string): void {
  if (!(request.rolemask & Role.Local)) throw new FluxError('EPROTO', `${topic} is restricted to the local broker`);
}
