// Makes a pod's volumes, each where it lies on this machine.

import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQuantity, quantityToInteger } from '../../schema/quantity.ts';
import { runCommand } from '../host/run-command.ts';
import type { Volume } from '../pod-types.ts';
import type { FieldContext } from '../references/field-references.ts';
import type { VolumeSources } from '../references/object-sources.ts';
import { giveAway } from '../roots/lay-root.ts';
import { writeAtomically } from './atomic-folder.ts';
import { projectedFiles } from './projected-files.ts';
import { VolumeError } from './volume-error.ts';

/** The folder or file of this machine that is the volume. @throws {VolumeError} */
export async function makeVolume(
  volume: Volume,
  folder: string,
  context: FieldContext,
  sources: VolumeSources,
): Promise<string> {
  const place = join(folder, volume.name);
  const { fsGroup } = context.pod.spec.securityContext ?? {};
  if (volume.hostPath) return hostFolder(volume.hostPath.path, volume.hostPath.type ?? '', volume.name);
  if (volume.persistentVolumeClaim) {
    const { claimName } = volume.persistentVolumeClaim;
    const found = await sources.claim(claimName);
    if (!found) throw new VolumeError(`persistentvolumeclaim "${claimName}" is not bound to a local folder`);
    mkdirSync(found, { recursive: true });
    return found;
  }
  mkdirSync(place, { recursive: true, mode: 0o777 });
  if (volume.emptyDir) {
    const { medium = '', sizeLimit } = volume.emptyDir;
    if (medium === 'Memory') await mountMemory(place, sizeLimit);
    else if (medium !== '') throw new VolumeError(`volume "${volume.name}": this node has no ${medium}`);
    chmodSync(place, 0o777);
    if (fsGroup !== undefined) {
      giveAway(place, [0, fsGroup]);
      chmodSync(place, 0o2777);
    }
    return place;
  }
  const files = await projectedFiles(volume, context, sources);
  if (!files) throw new VolumeError(`volume "${volume.name}" is of a kind that this node does not have`);
  writeAtomically(place, files, fsGroup);
  return place;
}

function hostFolder(path: string, type: string, name: string): string {
  const refuse = (what: string): never => {
    throw new VolumeError(
      `MountVolume.SetUp failed for volume "${name}" : hostPath type check failed: ${path} is not a ${what}`,
    );
  };
  const found = existsSync(path) ? statSync(path) : undefined;
  if (type === 'DirectoryOrCreate' && !found) mkdirSync(path, { recursive: true, mode: 0o755 });
  else if (type === 'FileOrCreate' && !found) writeFileSync(path, '', { mode: 0o644 });
  else if (type.startsWith('Directory') && !found?.isDirectory()) refuse('directory');
  else if (type.startsWith('File') && !found?.isFile()) refuse('file');
  else if (type === 'Socket' && !found?.isSocket()) refuse('socket file');
  else if (type === 'CharDevice' && !found?.isCharacterDevice()) refuse('character device');
  else if (type === 'BlockDevice' && !found?.isBlockDevice()) refuse('block device');
  else if (type === '' && !found) mkdirSync(path, { recursive: true, mode: 0o755 });
  return path;
}

async function mountMemory(place: string, sizeLimit: string | undefined): Promise<void> {
  const bytes = sizeLimit === undefined ? 0n : quantityToInteger(parseQuantity(sizeLimit));
  const size = bytes > 0n ? [`-osize=${bytes}`] : [];
  await runCommand('mount', ['-t', 'tmpfs', ...size, 'emptydir', place]);
}
