/** The tree of brokers: who is whose child, and how each is. */
import { Idset } from '@ebb/flux-formats';
import type { Flux, RpcOptions, StreamOptions } from '../flux.ts';

export type SubtreeStatus = 'unknown' | 'full' | 'partial' | 'degraded' | 'lost' | 'offline';

export interface OverlayHealth {
  readonly rank: number;
  readonly status: SubtreeStatus;
  /** Seconds since it is so. */
  readonly duration: number;
  readonly children: readonly {
    readonly rank: number;
    readonly status: SubtreeStatus;
    readonly duration: number;
    readonly error?: string;
  }[];
}

/** How a broker and its children are; default: the root. */
export function overlayHealth(flux: Flux, rank = 0, options: RpcOptions = {}): Promise<OverlayHealth> {
  return flux.rpc('overlay.health', undefined, { ...options, nodeid: rank });
}

export interface OverlayTree {
  readonly rank: number;
  /** Brokers in this subtree, this one counted. */
  readonly size: number;
  readonly children: readonly OverlayTree[];
}

export function overlayTopology(flux: Flux, rank = 0, options: RpcOptions = {}): Promise<OverlayTree> {
  return flux.rpc('overlay.topology', { rank }, { ...options, nodeid: rank });
}

/** The ranks that are online, now and after each change. */
export async function* watchOnline(flux: Flux, options: StreamOptions = {}): AsyncGenerator<Idset> {
  const request = { name: 'broker.online' };
  for await (const { members } of flux.stream<{ members: string }>('groups.get', request, { ...options, nodeid: 0 })) {
    yield Idset.parse(members);
  }
}

/** The ranks that are online. */
export async function onlineRanks(flux: Flux, options: RpcOptions = {}): Promise<Idset> {
  const request = { name: 'broker.online' };
  return Idset.parse((await flux.rpc<{ members: string }>('groups.get', request, { ...options, nodeid: 0 })).members);
}
