// The files of the volumes that follow the API: configMap, secret, downward API, projected.

import type { KeyToPath, Pod, Volume } from '../pod-types.ts';
import { type FieldContext, fieldText, resourceText } from '../references/field-references.ts';
import type { VolumeSources } from '../references/object-sources.ts';
import type { FolderFile } from './atomic-folder.ts';
import { VolumeError } from './volume-error.ts';

/** True of the volumes whose contents come from the API. */
export function followsApi(volume: Volume): boolean {
  return Boolean(volume.configMap || volume.secret || volume.downwardAPI || volume.projected);
}

/** The objects that volumes take their contents from, each once. */
export function objectsIn(volumes: readonly Volume[]): { plural: 'configmaps' | 'secrets'; name: string }[] {
  const keys = volumes.flatMap(({ configMap, secret, projected }) => [
    ...[configMap, ...(projected?.sources ?? []).map((each) => each.configMap)].map(
      (each) => each && `configmaps/${each.name}`,
    ),
    secret && `secrets/${secret.secretName}`,
    ...(projected?.sources ?? []).map((each) => each.secret && `secrets/${each.secret.name}`),
  ]);
  return [...new Set(keys.filter((key) => key !== undefined))].map((key) => {
    const [plural, name] = key.split('/') as ['configmaps' | 'secrets', string];
    return { plural, name };
  });
}

/** Its files now; undefined for a volume of another kind. @throws {VolumeError} */
export async function projectedFiles(
  volume: Volume,
  context: FieldContext,
  sources: VolumeSources,
): Promise<FolderFile[] | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  const { pod } = context;
  const keyed = async (
    kind: 'configmap' | 'secret',
    name: string,
    items: KeyToPath[] | undefined,
    isOptional: boolean | undefined,
    mode: number,
  ): Promise<FolderFile[]> => {
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
  const downward = (items: NonNullable<Volume['downwardAPI']>['items'] = [], mode: number): FolderFile[] =>
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
  const parts = (projected.sources ?? []).map(async (source): Promise<FolderFile[]> => {
    if (source.configMap)
      return keyed('configmap', source.configMap.name, source.configMap.items, source.configMap.optional, mode);
    if (source.secret) return keyed('secret', source.secret.name, source.secret.items, source.secret.optional, mode);
    if (source.downwardAPI) return downward(source.downwardAPI.items, mode);
    if (!source.serviceAccountToken) {
      const [kind = 'source'] = Object.keys(source);
      throw new VolumeError(`volume "${volume.name}" projects a ${kind}, which this node does not have`);
    }
    const { path, audience, expirationSeconds = 3600 } = source.serviceAccountToken;
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
