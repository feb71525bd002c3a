// What a killed agent left in its folder. Its processes died with it, and their namespaces with them; a pod that is
// still bound here keeps its logs and its volumes, and its containers start again as the restart policy says.

import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isBelow, readMounts } from '../host/mount-table.ts';
import { runCommand } from '../host/run-command.ts';

/** Takes off every mount below `folder`, and what containers wrote to their own layers. */
export async function clearLeftovers(folder: string): Promise<void> {
  const below = readMounts()
    .map(({ place }) => place)
    .filter((place) => isBelow(place, folder));
  for (const place of below.reverse()) await runCommand('umount', ['-l', place]);
  for (const uid of readdirSync(folder)) await rm(join(folder, uid, 'containers'), { recursive: true, force: true });
}

/** Removes the folders of pods that are no longer here. @param isHere by uid */
export async function removeStrangers(folder: string, isHere: (uid: string) => boolean): Promise<void> {
  for (const uid of readdirSync(folder)) {
    if (!isHere(uid)) await rm(join(folder, uid), { recursive: true, force: true });
  }
}
