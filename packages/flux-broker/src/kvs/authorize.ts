// What a guest may commit: nothing that refers to what others stored.
import { FluxError } from '@ebb/flux-client';
import type { Operation } from './tree.ts';

/** @throws FluxError EPERM for links, references and directories that are not empty */
export function authorizeOperations(operations: readonly Operation[]): void {
  for (const { dirent } of operations) {
    if (dirent === null || dirent?.type === 'val') continue;
    const isDirectory = dirent?.type === 'dir';
    if (isDirectory && Object.keys(dirent.data ?? {}).length === 0) continue;
    const kind = `${isDirectory ? 'non-empty ' : ''}${dirent?.type ?? '???'}`;
    throw new FluxError('EPERM', `guests may not commit ${kind} objects`);
  }
}
