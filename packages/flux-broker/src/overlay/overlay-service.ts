// The service `overlay`: what `flux overlay` and other modules ask about the tree (reference 3.5).
import { type Flux, FluxError, type Request } from '@ebb/flux-client';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import { Watchers } from '../services/watchers.ts';
import type { Child } from './child.ts';
import type { Overlay } from './overlay.ts';
import { SubtreeStatus, subtreeStatusName } from './subtree-status.ts';

export class OverlayService {
  readonly #overlay: Overlay;
  readonly #rank: number;
  readonly #now: () => number;
  readonly #health = new Watchers();
  readonly #monitors = new Watchers();

  constructor(flux: Flux, overlay: Overlay, options: { rank: number; now(): number }) {
    this.#overlay = overlay;
    this.#rank = options.rank;
    this.#now = options.now;
    flux.handle('overlay.health', (request) => this.#onHealth(request), alsoGuests);
    flux.handle('overlay.topology', (request) => this.#onTopology(request), alsoGuests);
    flux.handle('overlay.monitor', (request) => this.#onMonitor(request), ownerOnly);
    flux.handle('overlay.stats-get', (request) => request.respond(this.#stats()), alsoGuests);
    flux.handle('overlay.disconnect-subtree', (request) => this.#onDisconnectSubtree(request), ownerOnly);
    flux.handle(
      'overlay.disconnect-parent',
      (request) => overlay.parent.disconnect(request.json<{ reason: string }>().reason),
      ownerOnly,
    );
    flux.handle(
      'overlay.disconnect',
      (request) => {
        this.#health.disconnect(request);
        this.#monitors.disconnect(request);
      },
      alsoGuests,
    );
  }

  healthChanged(): void {
    if (this.#health.size > 0) this.#health.respond(this.#report());
  }

  childChanged(child: Child): void {
    if (this.#monitors.size > 0) this.#monitors.respond(monitorReport(child));
  }

  #onHealth(request: Request): void {
    request.respond(this.#report());
    if (request.isStreaming) this.#health.add(request, undefined);
  }

  #onTopology(request: Request): void {
    const { rank } = request.json<{ rank: number }>();
    if (rank !== this.#rank && !this.#overlay.child(rank)) {
      throw new FluxError('ENOENT', 'requested rank is not this broker or its direct child');
    }
    request.respond(this.#overlay.topology.subtree(rank));
  }

  #onMonitor(request: Request): void {
    if (!request.isStreaming) throw new FluxError('EPROTO');
    for (const child of this.#overlay.children) {
      if (child.status !== SubtreeStatus.offline || child.torpid) request.respond(monitorReport(child));
    }
    this.#monitors.add(request, undefined);
  }

  #onDisconnectSubtree(request: Request): void {
    const { rank } = request.json<{ rank: number }>();
    const child = this.#overlay.child(rank);
    if (!child) throw new FluxError('ENOENT', "requested rank is not this broker's direct child");
    if (!child.isOnline) throw new FluxError('EINVAL', `rank ${rank} is already ${subtreeStatusName(child.status)}`);
    this.#overlay.disconnectChild(child);
    request.respond();
  }

  #report(): object {
    const now = this.#now();
    const children = this.#overlay.children.map((child) => ({
      rank: child.rank,
      status: subtreeStatusName(child.status),
      duration: (now - child.statusSince) / 1000,
      ...(!child.isOnline && child.error ? { error: child.error } : {}),
    }));
    const { status, statusSince } = this.#overlay;
    return { rank: this.#rank, status: subtreeStatusName(status), duration: (now - statusSince) / 1000, children };
  }

  #stats(): object {
    const { children, onlineCount, parent } = this.#overlay;
    return {
      'child-count': children.length,
      'child-connected': onlineCount,
      'parent-count': parent.exists ? 1 : 0,
      'parent-rpc': parent.pendingRequests,
      'child-rpc': children.reduce((sum, child) => sum + child.requests.size, 0),
      interthread: { sendq: 0, recvq: 0 },
    };
  }
}

function monitorReport(child: Child): object {
  return { rank: child.rank, status: subtreeStatusName(child.status), torpid: child.torpid };
}
