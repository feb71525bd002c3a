// namespaces/NAME/finalize: the namespace controller says that a namespace is empty.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { type ApiContext, keyOf, resourceOf, type Target } from '../request.ts';
import { badRequest, notFound, staleObject } from '../status-errors.ts';

/** Sets spec.finalizers; a namespace in deletion that has none left is gone. @throws {StatusError} NotFound, Conflict */
export function finalizeNamespace(
  context: ApiContext,
  target: Target,
  body: unknown,
  dryRun: boolean,
): Promise<KubernetesObject> {
  const { metadata, spec } = (body ?? {}) as Partial<KubernetesObject> & { spec?: { finalizers?: string[] } };
  if (metadata?.name !== target.name) {
    throw badRequest(`the name of the object (${metadata?.name}) does not match the name on the URL (${target.name})`);
  }
  return context.store.transact((transaction) => {
    const item = transaction.get('namespaces', keyOf(target));
    if (!item) throw notFound(resourceOf(target), target.name);
    const revision = metadata.resourceVersion;
    if (revision && revision !== item.object.metadata.resourceVersion)
      throw staleObject(resourceOf(target), target.name);
    const next = structuredClone(item.object);
    const finalizers = Array.isArray(spec?.finalizers) ? spec.finalizers.map(String) : [];
    next['spec'] = finalizers.length > 0 ? { finalizers } : {};
    const isGone =
      next.metadata.deletionTimestamp !== undefined && finalizers.length === 0 && !next.metadata.finalizers?.length;
    if (dryRun) return next;
    return isGone
      ? transaction.delete('namespaces', item.key, next).object
      : transaction.put('namespaces', item.key, next).object;
  });
}
