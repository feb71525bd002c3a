// namespaces/NAME/finalize: the namespace controller says that a namespace is empty.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { trackUpdate } from '../../patch/apply.ts';
import { validateFinalizerNames } from '../../validation/object-meta.ts';
import { checkValid } from '../field-errors.ts';
import { acceptObject } from '../incoming-object.ts';
import {
  type ApiContext,
  apiVersionOf,
  type Caller,
  keyOf,
  resourceOf,
  type Target,
  type WriteOptions,
} from '../request.ts';
import { isSame } from '../same-value.ts';
import { badRequest, notFound, staleObject } from '../status-errors.ts';

/** Sets spec.finalizers; a namespace in deletion that has none left is gone. @throws {StatusError} NotFound, Conflict */
export function finalizeNamespace(
  context: ApiContext,
  target: Target,
  body: unknown,
  options: WriteOptions,
  caller: Caller,
): Promise<KubernetesObject> {
  const { kind, name, subresource } = target;
  const sent = acceptObject(context, target, body, options, caller);
  if (sent.metadata.name !== name) {
    throw badRequest(`the name of the object (${sent.metadata.name}) does not match the name on the URL (${name})`);
  }
  const finalizers = ((sent['spec'] ?? {}) as { finalizers?: string[] | null }).finalizers ?? [];
  return context.store.transact((transaction) => {
    const item = transaction.get('namespaces', keyOf(target));
    if (!item) throw notFound(resourceOf(target), name);
    const before = item.object;
    const revision = sent.metadata.resourceVersion;
    if (revision && revision !== before.metadata.resourceVersion) throw staleObject(resourceOf(target), name);
    checkValid(target, validateFinalizerNames(finalizers, 'spec.finalizers'));
    const after = { ...structuredClone(before), spec: finalizers.length > 0 ? { finalizers } : {} };
    const next = trackUpdate({
      before,
      after,
      manager: options.fieldManager,
      apiVersion: apiVersionOf(kind),
      subresource,
      schema: kind.schema,
      time: context.now(),
      hasStatus: true,
    });
    const isGone =
      next.metadata.deletionTimestamp !== undefined && finalizers.length === 0 && !next.metadata.finalizers?.length;
    if (options.dryRun) return next;
    if (!isGone && isSame(next, before)) return before;
    return isGone
      ? transaction.delete('namespaces', item.key, next).object
      : transaction.put('namespaces', item.key, next).object;
  });
}
