import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { takeFolder } from './folder-lock.ts';

/**
 * Removes what a stopped cluster keeps in its folder, and the folder.
 * @throws {FolderInUseError} the cluster of this folder runs
 */
export async function removeLocalKubernetesState(stateFolder: string): Promise<void> {
  const folder = resolve(stateFolder);
  if (!existsSync(folder)) return;
  // Holding the lock keeps another start out until the folder is gone.
  takeFolder(folder);
  rmSync(folder, { recursive: true, force: true });
}
