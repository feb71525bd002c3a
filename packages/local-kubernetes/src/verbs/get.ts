import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { presentItem } from './presentation.ts';
import { type ApiContext, bucketOf, keyOf, resourceOf, type Target } from './request.ts';
import { askedRevision } from './revision.ts';
import { notFound, plainError, tooLargeResourceVersion } from './status-errors.ts';

/** Reads one object in the version asked for. @throws {StatusError} NotFound, Timeout for a revision not reached */
export function getObject(context: ApiContext, target: Target, resourceVersion = ''): KubernetesObject {
  const wanted = askedRevision(resourceVersion, plainError);
  if (wanted > context.store.revision) throw tooLargeResourceVersion(wanted, context.store.revision);
  const item = context.store.get(bucketOf(target.kind), keyOf(target));
  if (!item) throw notFound(resourceOf(target), target.name);
  return presentItem(target.kind, item).object;
}
