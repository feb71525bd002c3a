import type { KubernetesClient } from '../../client/kubernetes-client.ts';
import type { OwnerReference } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import type { Pod } from '../../node-agent/pod-types.ts';
import { resourceOfKind } from '../resource-of-kind.ts';

/** How many pods their controllers want cannot be known; the message is that of the real controller. */
export class ScaleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScaleError';
  }
}

/**
 * How many pods the controllers of these want together, and how many pods have none.
 * @throws {ScaleError} for a controller without a scale, such as a Job
 */
export async function scaleOf(
  client: KubernetesClient,
  pods: readonly Pod[],
): Promise<{ scale: number; unmanaged: number }> {
  const scales = new Map<string, number>();
  let unmanaged = 0;
  for (const { metadata } of pods) {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    if (!owner) unmanaged++;
    else if (!scales.has(owner.uid!)) {
      const scale = await ownerScale(client, owner, metadata.namespace!);
      if (scale === undefined) throw new ScaleError(`found no controllers for pod "${metadata.name}"`);
      scales.set(owner.uid!, scale);
    }
  }
  return { scale: [...scales.values()].reduce((sum, each) => sum + each, 0), unmanaged };
}

async function ownerScale(
  client: KubernetesClient,
  { apiVersion, kind, name, uid }: OwnerReference,
  namespace: string,
): Promise<number | undefined> {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  const plural = (await resourceOfKind(client, group, kind))?.plural;
  if (!plural) throw new ScaleError(`no matches for kind "${kind}" in version "${apiVersion}"`);
  const ref = { apiVersion, plural, namespace, name };
  try {
    const scale = await client.get({ ...ref, subresource: 'scale' });
    return scale.metadata.uid === uid ? (scale['spec'] as { replicas: number }).replicas : undefined;
  } catch (error) {
    if (!(error instanceof StatusError && error.code === 404)) throw error;
    const isThere = await client.get(ref).then(
      () => true,
      () => false,
    );
    if (isThere)
      throw new ScaleError(`${[plural, group].filter(Boolean).join('.')} does not implement the scale subresource`);
    return undefined;
  }
}
