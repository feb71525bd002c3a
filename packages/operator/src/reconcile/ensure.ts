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
  if (known && isOwned(known, cluster) && has(known, wanted)) return undefined;
  const { namespace = 'default', name } = wanted.metadata;
  if (!known || !isOwned(known, cluster)) {
    const there = await api.get(resourceOf(wanted), namespace, name).catch((error: unknown) => {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    });
    if (there && !isOwned(there, cluster)) {
      if (
        there.metadata.deletionTimestamp ||
        there.metadata.ownerReferences?.some(
          (each) => each.kind === ownerReference(cluster).kind && each.name === cluster.name,
        )
      ) {
        throw new ApiError(
          409,
          'BeingDeleted',
          `${wanted.kind} ${name} of an earlier MiniCluster of this name is still being deleted`,
        );
      }
      throw new NameTakenError(
        `${wanted.kind} ${name} belongs to someone else: rename it, or choose another name here`,
      );
    }
    if (there && has(there, wanted)) return there;
  }
  return api.apply(wanted);
}

/** The Secret with the certificate; made once, never changed. @returns whether it had to be made */
export async function ensureCertificate(
  api: KubernetesApi,
  cluster: ResolvedMiniCluster,
  build: (certificate: string) => KubernetesObject,
): Promise<boolean> {
  const wanted = build(cluster.flux.curveCert ?? makeCertificate(`${cluster.name}-0`));
  const { name, namespace = 'default' } = wanted.metadata;
  try {
    await api.create(wanted);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || !error.isConflict) throw error;
  }
  const there = await api.get(secrets, namespace, name);
  if (isOwned(there, cluster)) return false;
  if (there.metadata.ownerReferences?.some((each) => each.name === cluster.name && each.kind === 'MiniCluster')) {
    throw new ApiError(
      409,
      'BeingDeleted',
      `Secret ${name} of an earlier MiniCluster of this name is still being deleted`,
    );
  }
  throw new NameTakenError(`Secret ${name} belongs to someone else: rename it, or choose another name here`);
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
