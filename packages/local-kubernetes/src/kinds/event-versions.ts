// core/v1 Event and events.k8s.io/v1 Event are one thing under two names. Facts: k8s.io/api events/v1 types.go.

import type { KubernetesObject } from '../client/kubernetes-object.ts';

const renamed: readonly (readonly [core: string, modern: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

export function toNewEvent(event: KubernetesObject): KubernetesObject {
  const shown = rename(event, 'events.k8s.io/v1', new Map(renamed));
  // core/v1 writes these two when they are empty, events.k8s.io does not.
  for (const field of ['reportingController', 'reportingInstance']) if (shown[field] === '') delete shown[field];
  return shown;
}

export function toCoreEvent(event: KubernetesObject): KubernetesObject {
  return rename(event, 'v1', new Map(renamed.map(([core, modern]) => [modern, core])));
}

function rename(event: KubernetesObject, apiVersion: string, names: ReadonlyMap<string, string>): KubernetesObject {
  const entries = Object.entries(event).map(([name, value]) => [names.get(name) ?? name, value]);
  return { ...Object.fromEntries(entries), apiVersion } as KubernetesObject;
}
