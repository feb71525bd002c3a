// The form in which a stored object is shown in a version it was not stored in.
//
// A custom resource's versions share one schema of values (conversion strategy None), so only apiVersion changes.
// Events are kept as core/v1 and shown as events.k8s.io/v1 with that API's field names, HorizontalPodAutoscalers as
// autoscaling/v2 and shown as v1 too.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import type { ObjectVersion } from '../patch/versions.ts';
import type { JsonObject } from '../schema/schema.ts';
import { rulesOf } from '../validation/kind-rules.ts';
import { groupVersionProblem } from '../validation/names.ts';
import type { ApiContext, StoredItem } from './request.ts';

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
  return kind.conversion ? converted(object, kind.conversion.fromStored) : { ...object, apiVersion };
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
  const stored = toStored(kind, object);
  if (!kind.conversion || stored === object) return stored;
  const kept = before?.subresource === 'status' ? 'spec' : 'status';
  if (before?.object[kept] !== undefined) stored[kept] = before.object[kept];
  rulesOf(storageKind(kind)).defaults?.(stored);
  return stored;
}

/** Every version of a kind, served or not, by its apiVersion, as `kind` sees it. */
export function versionsOf({ resources }: ApiContext, kind: Kind) {
  return (apiVersion: string): ObjectVersion | string | undefined => {
    const problem = groupVersionProblem(apiVersion);
    if (problem) return problem;
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    const other = group === kind.group ? resources.findDefined(group, version, kind.plural) : undefined;
    if (!other) return kind.builtIn ? undefined : `request to convert CR to an invalid group/version: ${apiVersion}`;
    return {
      schema: other.schema,
      resets: kind.builtIn,
      from: (object) => between(kind, other, object),
      back: (object) => between(other, kind, object),
    };
  };
}

function between(from: Kind, to: Kind, object: JsonObject): JsonObject {
  return presentObject(to, toStored(from, object as unknown as KubernetesObject)) as JsonObject;
}

/** Without what the store adds. */
function toStored(kind: Kind, object: KubernetesObject): KubernetesObject {
  const apiVersion = apiVersionOf(storageKind(kind));
  if (object.apiVersion === apiVersion) return object;
  return kind.conversion ? converted(object, kind.conversion.toStored) : { ...object, apiVersion };
}

function storageKind({ group, storageVersion, storedAs, kind }: Kind) {
  return { group: storedAs?.group ?? group, version: storageVersion, kind };
}

function converted(object: KubernetesObject, conversion: (object: JsonObject) => JsonObject): KubernetesObject {
  return conversion(object) as KubernetesObject;
}
