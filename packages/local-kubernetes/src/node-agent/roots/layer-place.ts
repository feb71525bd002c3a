// The folder in which a run of a container has its root and the layers of its overlays.

import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AgentRights } from '../host/agent-rights.ts';
import { runCommand } from '../host/run-command.ts';

/** `memory` where the file system of the folder can be no layer of an overlay. */
export type LayerMedium = 'disk' | 'memory';

export const mediumOf = (rights: AgentRights): LayerMedium => (rights.kind === 'none' ? 'disk' : rights.layers);

export async function openLayers(folder: string, medium: LayerMedium): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (medium === 'memory') await runCommand('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'layers', folder]);
}

/** The mounts in it have gone with the container's namespace; what the container wrote goes now. */
export async function closeLayers(folder: string, medium: LayerMedium): Promise<void> {
  if (medium === 'memory') await runCommand('umount', ['-l', folder]).catch(() => {});
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}
