// The form in which a stored object is shown in a version it was not stored in.
//
// A custom resource's versions share one schema of values (conversion strategy None), so only apiVersion changes.
// Events are kept as core/v1 and shown as events.k8s.io/v1 with that API's field names, HorizontalPodAutoscalers as
// autoscaling/v2 and shown as v1 too.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { toFirstVersion, toSecondVersion } from '../kinds/autoscaler-versions.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { autoscalerRules } from '../validation/policies/autoscaler-rules.ts';
import { toCoreEvent, toNewEvent } from './event-conversion.ts';
import type { StoredItem } from './request.ts';

export interface Presented {
  readonly object: KubernetesObject;
  /** JSON of the object. */
  readonly text: string;
}

export function presentItem(kind: Kind, item: StoredItem): Presented {
  const object = presentObject(kind, item.object);
  return object === item.object ? item : { object, text: JSON.stringify(object) };
}

/** The stored object as `kind` shows it: the same object where nothing changes. */
export function presentObject(kind: Kind, object: KubernetesObject): KubernetesObject {
  const apiVersion = apiVersionOf(kind);
  if (object.apiVersion === apiVersion) return object;
  if (kind.group === 'events.k8s.io') return toNewEvent(object);
  if (isAutoscaler(kind)) return toFirstVersion(object) as KubernetesObject;
  return { ...object, apiVersion };
}

/**
 * The object as the store keeps it, from the version a client sent.
 * @param before what is stored of it already: what this request does not change stays as it is there
 */
export function storageObject(
  kind: Kind,
  object: KubernetesObject,
  before?: { readonly object: KubernetesObject; readonly subresource?: string },
): KubernetesObject {
  if (kind.group === 'events.k8s.io') return toCoreEvent(object);
  const apiVersion = apiVersionOf({ group: kind.group, version: kind.storageVersion });
  if (object.apiVersion === apiVersion) return object;
  if (!isAutoscaler(kind)) return { ...object, apiVersion };
  const second = toSecondVersion(object);
  if (before) {
    const kept = before.subresource === 'status' ? 'spec' : 'status';
    second[kept] = before.object[kept];
  }
  autoscalerRules.defaults?.(second);
  return second as KubernetesObject;
}

/** Kubernetes' own; anybody may define kinds of this group. */
function isAutoscaler({ builtIn, group }: Kind): boolean {
  return builtIn && group === 'autoscaling';
}
