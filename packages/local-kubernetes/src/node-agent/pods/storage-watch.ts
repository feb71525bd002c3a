// Looks how much a pod has written, as often as kubelet does, and says when it is more than it may.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../host/run-command.ts';
import type { Pod } from '../pod-types.ts';
import { hasStorageLimits, storageBreach } from './storage-limits.ts';

const periodMs = 10_000;

/**
 * Watches the pod in `folder` until `signal` is aborted.
 * @param breached hears, once, the message of its eviction
 */
export function watchStorage(pod: Pod, folder: string, signal: AbortSignal, breached: (message: string) => void): void {
  if (!hasStorageLimits(pod)) return;
  const look = async (): Promise<void> => {
    const message = await measure(pod, folder).then(
      (use) => storageBreach(pod, use),
      () => undefined,
    );
    if (signal.aborted) return;
    if (message !== undefined) breached(message);
    else timer = setTimeout(look, periodMs);
  };
  let timer = setTimeout(look, periodMs);
  signal.addEventListener('abort', () => clearTimeout(timer));
}

async function measure({ spec }: Pod, folder: string) {
  const onDisk = (spec.volumes ?? []).filter(({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory');
  const [volumes, containers] = await Promise.all([
    Promise.all(onDisk.map(async ({ name }) => [name, await sizeOf(join(folder, 'volumes', name))] as const)),
    Promise.all(
      [...(spec.initContainers ?? []), ...spec.containers].map(async ({ name }) => {
        const parts = [join(folder, 'logs', name), join(folder, 'containers', name)];
        return [name, (await Promise.all(parts.map(sizeOf))).reduce((sum, each) => sum + each, 0)] as const;
      }),
    ),
  ]);
  return { volumes: new Map(volumes), containers: new Map(containers) };
}

/** Bytes on disk below a folder, without what is mounted there. du(1) fails for what goes while it looks. */
async function sizeOf(path: string): Promise<number> {
  if (!existsSync(path)) return 0;
  const said = await runCommand('sh', ['-c', 'du -sxB1 "$1" 2>/dev/null || true', 'du', path]);
  return Number(said.split('\t')[0]);
}
