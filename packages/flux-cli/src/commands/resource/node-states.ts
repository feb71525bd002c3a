/** The nodes of an instance by state, as `flux resource status` tells them: an answer of the broker put in order. */
import { Idset, type ResourceSet } from '@ebb/flux-formats';
import { setOf } from './scheduler-view.ts';

/** The answer to `resource.status`. */
export interface StatusReply {
  readonly R?: unknown;
  readonly drain: Readonly<Record<string, DrainInfo>>;
  readonly online: string;
  readonly offline: string;
  readonly exclude: string;
  /** Left out by instances of before 0.58. */
  readonly torpid?: string;
}

export interface DrainInfo {
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly reason: string;
}

export interface NodeStates {
  readonly avail: Idset;
  readonly exclude: Idset;
  readonly allocated: Idset;
  readonly torpid: Idset;
  readonly housekeeping: Idset;
  readonly draining: Idset;
  readonly drained: Idset;
  readonly online: Idset;
  readonly offline: Idset;
  readonly drainInfo: ReadonlyMap<number, DrainInfo>;
}

export interface OtherStates {
  readonly allocated: Idset;
  readonly housekeeping: Idset;
}

export function resourcesOf({ R }: StatusReply): ResourceSet {
  return setOf(R);
}

/** Of all nodes, or only of those that `chosen` names. */
export function nodeStates(reply: StatusReply, { allocated, housekeeping }: OtherStates, chosen?: Idset): NodeStates {
  const only = (ranks: Idset) => (chosen ? ranks.intersect(chosen) : ranks);
  const named = (text = '') => only(text === '' ? Idset.empty : Idset.parse(text));
  const drainInfo = new Map(
    Object.entries(reply.drain).flatMap(([ids, info]) => [...named(ids)].map((rank) => [rank, info] as const)),
  );
  const drain = Idset.of(drainInfo.keys());
  const exclude = named(reply.exclude);
  const torpid = named(reply.torpid);
  const draining = drain.intersect(only(allocated));
  return {
    avail: only(resourcesOf(reply).ranks).subtract(exclude).subtract(drain).subtract(torpid),
    exclude,
    allocated: only(allocated),
    torpid,
    // What `chosen` says is not asked of these by flux-core either.
    housekeeping,
    draining,
    drained: drain.subtract(draining),
    online: named(reply.online),
    offline: named(reply.offline),
    drainInfo,
  };
}
