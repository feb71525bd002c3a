// Makes a pod's volumes in its folder: what is written once, and what follows the API (configMap, secret, downward
// API, projected) through the symbolic links by which kubelet swaps a whole volume at once.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../host/run-command.ts';
import type { KeyToPath, Pod, Volume } from '../pod-types.ts';
import { type FieldContext, fieldText, resourceText } from '../references/field-references.ts';
import type { VolumeSources } from '../references/object-sources.ts';
import { giveAway } from '../roots/lay-root.ts';

/** A volume that cannot be made (yet); kubelet's FailedMount. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
}

interface ProjectedFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
  /** User id; root's without it. */
  readonly owner?: number;
}

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
    if (volume.emptyDir.medium === 'Memory') await mountMemory(place, volume.emptyDir.sizeLimit);
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

/** Brings a volume that follows the API up to date. */
export async function refreshVolume(
  volume: Volume,
  folder: string,
  context: FieldContext,
  sources: VolumeSources,
): Promise<void> {
  const files = await projectedFiles(volume, context, sources);
  if (files) writeAtomically(join(folder, volume.name), files, context.pod.spec.securityContext?.fsGroup);
}

async function projectedFiles(
  volume: Volume,
  context: FieldContext,
  sources: VolumeSources,
): Promise<ProjectedFile[] | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  const { pod } = context;
  const keyed = async (
    kind: 'configmap' | 'secret',
    name: string,
    items: KeyToPath[] | undefined,
    isOptional: boolean | undefined,
    mode: number,
  ): Promise<ProjectedFile[]> => {
    const data = await (kind === 'secret' ? sources.secret(name) : sources.configMap(name));
    if (!data) {
      if (isOptional) return [];
      throw new VolumeError(`MountVolume.SetUp failed for volume "${volume.name}" : ${kind} "${name}" not found`);
    }
    const chosen = items ?? Object.keys(data).map((key): KeyToPath => ({ key, path: key }));
    return chosen.flatMap((item) => {
      const content = data[item.key];
      if (content) return [{ path: item.path, content, mode: item.mode ?? mode }];
      if (isOptional) return [];
      throw new VolumeError(
        `MountVolume.SetUp failed for volume "${volume.name}" : references non-existent ${kind} key: ${item.key}`,
      );
    });
  };
  const downward = (items: NonNullable<Volume['downwardAPI']>['items'] = [], mode: number): ProjectedFile[] =>
    items.map((item) => ({
      path: item.path,
      content: Buffer.from(
        item.fieldRef ? fieldText(item.fieldRef, context) : resourceText(item.resourceFieldRef!, context),
      ),
      mode: item.mode ?? mode,
    }));
  if (configMap) {
    return keyed('configmap', configMap.name, configMap.items, configMap.optional, configMap.defaultMode ?? 0o644);
  }
  if (secret) return keyed('secret', secret.secretName, secret.items, secret.optional, secret.defaultMode ?? 0o644);
  if (downwardAPI) return downward(downwardAPI.items, downwardAPI.defaultMode ?? 0o644);
  if (!projected) return undefined;
  const mode = projected.defaultMode ?? 0o644;
  const parts = (projected.sources ?? []).map(async (source): Promise<ProjectedFile[]> => {
    if (source.configMap)
      return keyed('configmap', source.configMap.name, source.configMap.items, source.configMap.optional, mode);
    if (source.secret) return keyed('secret', source.secret.name, source.secret.items, source.secret.optional, mode);
    if (source.downwardAPI) return downward(source.downwardAPI.items, mode);
    const { path, audience, expirationSeconds = 3600 } = source.serviceAccountToken!;
    const token = await sources.token(pod.spec.serviceAccountName ?? 'default', audience, expirationSeconds);
    // A token is only for who it is made out to, where that is one user.
    const owner = soleUserOf(pod);
    const isOwned = owner !== undefined || pod.spec.securityContext?.fsGroup !== undefined;
    return [{ path, content: Buffer.from(token), mode: isOwned ? 0o600 : mode, ...(owner ? { owner } : {}) }];
  });
  return (await Promise.all(parts)).flat();
}

/** The user whom all containers of a pod run as, when that is said of all of them. */
function soleUserOf({ spec }: Pod): number | undefined {
  const users = [...(spec.initContainers ?? []), ...spec.containers].map(
    ({ securityContext }) => securityContext?.runAsUser ?? spec.securityContext?.runAsUser,
  );
  return users.every((user) => user === users[0]) ? users[0] : undefined;
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
  const size = sizeLimit ? [`-osize=${Math.ceil(Number.parseFloat(sizeLimit) * unitOf(sizeLimit))}`] : [];
  await runCommand('mount', ['-t', 'tmpfs', ...size, 'emptydir', place]);
}

function unitOf(quantity: string): number {
  const units: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, k: 1e3, M: 1e6, G: 1e9 };
  return units[/[A-Za-z]+$/.exec(quantity)?.[0] ?? ''] ?? 1;
}

/** `..TIME/` holds the files, `..data` points to it, and each name points through `..data`: one rename changes all. */
function writeAtomically(place: string, files: readonly ProjectedFile[], group: number | undefined): void {
  const current = join(place, '..data');
  if (existsSync(current) && files.every(({ path, content }) => isSame(join(current, path), content))) return;
  const stamp = `..${new Date().toISOString().replace(/[-:TZ.]/g, '_')}${process.hrtime.bigint() % 1000000n}`;
  const next = join(place, stamp);
  mkdirSync(next, { mode: 0o755 });
  for (const { path, content, mode, owner = 0 } of files) {
    const file = join(next, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, group === undefined ? mode : mode | 0o040);
    if (group !== undefined || owner !== 0) giveAway(file, [owner, group ?? 0]);
  }
  const previous = existsSync(current) ? readlinkSync(current) : undefined;
  symlinkSync(stamp, `${current}_tmp`);
  renameSync(`${current}_tmp`, current);
  for (const name of new Set(files.map(({ path }) => path.split('/')[0]!))) {
    if (!existsSync(join(place, name))) symlinkSync(`..data/${name}`, join(place, name));
  }
  if (previous) rmSync(join(place, previous), { recursive: true, force: true });
}

function isSame(path: string, content: Buffer): boolean {
  return existsSync(path) && readFileSync(path).equals(content);
}

/** True of the volumes whose contents come from the API. */
export function followsApi(volume: Volume): boolean {
  return Boolean(volume.configMap || volume.secret || volume.downwardAPI || volume.projected);
}
