// The form in which a stored object is shown in a version it was not stored in.
//
// A custom resource's versions share one schema of values (conversion strategy None), so only apiVersion changes.
// Events are kept as core/v1 and shown as events.k8s.io/v1 with that API's field names.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
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
  return { ...object, apiVersion };
}

/** The object as the store keeps it, from the version a client sent. */
export function storageObject(kind: Kind, object: KubernetesObject): KubernetesObject {
  if (kind.group === 'events.k8s.io') return toCoreEvent(object);
  const apiVersion = apiVersionOf({ group: kind.group, version: kind.storageVersion });
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}
