// From the state of the ranks to what the scheduler may use (reference 3.10). Pure.
import type { Idset, ResourceSet } from '@ebb/flux-formats';

export interface RankState {
  /** Ranks whose brokers are online. */
  online: Idset;
  torpid: Idset;
  drained: Idset;
  exclude: Idset;
  /** Ranks that were online and left. */
  lost: Idset;
  /** R came from anything but the configuration: a lost rank cannot return and is taken out of the set. */
  shrinks: boolean;
}

/** The resources there are for scheduling at all: without the excluded, and without the lost where R shrinks. */
export function schedulable(resources: ResourceSet, { exclude, lost, shrinks }: RankState): ResourceSet {
  const visible = resources.remove(exclude);
  return shrinks ? visible.remove(lost) : visible;
}

/** Ranks that can take work now. */
export function upRanks(valid: Idset, { online, torpid, drained, exclude }: RankState): Idset {
  return valid.intersect(online).subtract(torpid).subtract(drained).subtract(exclude);
}

export interface AcquireUpdate {
  up?: string;
  down?: string;
  shrink?: string;
}

/** What to tell a scheduler that last knew `before`; undefined when nothing changed. */
export function acquireUpdate(before: Idset, after: Idset, shrunk: Idset): AcquireUpdate | undefined {
  const up = after.subtract(before);
  const down = before.subtract(after);
  if (up.size + down.size + shrunk.size === 0) return undefined;
  return {
    ...(up.size > 0 ? { up: up.toString() } : {}),
    ...(down.size > 0 ? { down: down.toString() } : {}),
    ...(shrunk.size > 0 ? { shrink: shrunk.toString() } : {}),
  };
}
