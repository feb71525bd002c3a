/** Makes the objects of a MiniCluster what they should be: one request for each that is missing or differs, none otherwise. */
import { type KubernetesObject, makeCertificate, ownerReference, type ResolvedMiniCluster } from '@ebb/minicluster';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { resourceOf, secrets } from '../kubernetes/resources.ts';

/** Something of the same name belongs to someone else; waiting may help, trying at once does not. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError';
}

/** Whether the object belongs to this very MiniCluster. */
export function isOwned(object: KubernetesObject, cluster: ResolvedMiniCluster): boolean {
  return object.metadata.ownerReferences?.some((each) => each.uid === cluster.uid) ?? false;
}

/**
 * Applies the object unless it is there and has all that we want of it.
 * @param known what the cache has
 * @returns the object as it is now, or undefined if nothing had to be written
 * @throws NameTakenError when it is another's
 */
export async function ensure(
  api: KubernetesApi,
  cluster: ResolvedMiniCluster,
  wanted: KubernetesObject,
  known: KubernetesObject | undefined,
): Promise<KubernetesObject | undefined> {
  if (known && isOwned(known, cluster)) return has(known, wanted) ? undefined : api.apply(wanted);
  const created = await createNew(api, wanted);
  if (created) return created;
  const { namespace = 'default', name } = wanted.metadata;
  const there = await api.get(resourceOf(wanted), namespace, name);
  if (!isOwned(there, cluster)) throw takenBy(there, cluster);
  return has(there, wanted) ? there : api.apply(wanted);
}

/** @returns undefined when there is one of that name */
async function createNew(api: KubernetesApi, wanted: KubernetesObject): Promise<KubernetesObject | undefined> {
  try {
    return await api.create(wanted);
  } catch (error) {
    if (error instanceof ApiError && error.isConflict) return undefined;
    throw error;
  }
}

/** Why an object that is there cannot be had. */
function takenBy(there: KubernetesObject, cluster: ResolvedMiniCluster): Error {
  const { kind } = ownerReference(cluster);
  const { name } = there.metadata;
  const isEarlier = there.metadata.ownerReferences?.some((each) => each.kind === kind && each.name === cluster.name);
  return there.metadata.deletionTimestamp || isEarlier
    ? new ApiError(
        409,
        'BeingDeleted',
        `${there.kind} ${name} of an earlier MiniCluster of this name is still being deleted`,
      )
    : new NameTakenError(`${there.kind} ${name} belongs to someone else: rename it, or choose another name here`);
}

/** The Secret with the certificate; made once, never changed. @returns whether it had to be made */
export async function ensureCertificate(
  api: KubernetesApi,
  cluster: ResolvedMiniCluster,
  build: (certificate: string) => KubernetesObject,
): Promise<boolean> {
  const wanted = build(cluster.flux.curveCert ?? makeCertificate(`${cluster.name}-0`));
  if (await createNew(api, wanted)) return true;
  const { name, namespace = 'default' } = wanted.metadata;
  const there = await api.get(secrets, namespace, name);
  if (!isOwned(there, cluster)) throw takenBy(there, cluster);
  return false;
}

/** Whether everything in `wanted` is so in `live`; what else is in `live` is the server's or someone else's. */
export function has(live: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== 'object') return live === wanted;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) && live.length === wanted.length && wanted.every((item, index) => has(live[index], item))
    );
  }
  if (live === null || typeof live !== 'object') return false;
  return Object.entries(wanted).every(([key, value]) => has((live as Record<string, unknown>)[key], value));
}
