// Finds the drain state again after a restart: the checkpoint, then the events behind it. Ranks move with their hosts
// when the instance's hosts changed. Pure.
import { type EventlogEntry, Idset, parseHostlist } from '@ebb/flux-formats';
import type { DrainState } from './drain-state.ts';
import type { DrainCheckpoint } from './store.ts';

export function replayDrains(
  state: DrainState,
  events: readonly EventlogEntry[],
  checkpoint: DrainCheckpoint | undefined,
  hostnames: readonly string[],
): void {
  for (const [ranks, { timestamp, nodelist, reason }] of Object.entries(checkpoint?.drain_state ?? {})) {
    state.drain(moveRanks(ranks, nodelist, hostnames), timestamp, reason || undefined, 0);
  }
  for (const { timestamp, name, context } of events) {
    if (timestamp < (checkpoint?.timestamp ?? 0)) continue;
    if (name !== 'drain' && name !== 'undrain') continue;
    const { idset, nodelist, reason, overwrite } = context as {
      idset: string;
      nodelist: string;
      reason?: string;
      overwrite?: number;
    };
    const ranks = moveRanks(idset, nodelist, hostnames);
    if (name === 'drain') state.drain(ranks, timestamp, reason, overwrite ?? 1);
    else state.undrain(ranks);
  }
}

/** Where the hosts of a recorded event are now; hosts that are gone are left out. */
function moveRanks(idset: string, nodelist: string, hostnames: readonly string[]): Idset {
  const hosts = parseHostlist(nodelist);
  const ranks = [...Idset.parse(idset)].map((rank, index) => {
    const host = hosts[index];
    return host === undefined || hostnames[rank] === host ? rank : hostnames.indexOf(host);
  });
  return Idset.of(ranks.filter((rank) => rank >= 0 && rank < hostnames.length));
}
