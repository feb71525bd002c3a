/** The part of a namespace's objects that a quota is about: its scopes and scope selector, all of which have to fit. */

import { listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { meetsRequirement } from '../kinds/object-selectors.ts';
import type { JsonObject } from '../schema/schema.ts';

export interface Scope {
  readonly name: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Whether an object is within a scope; kinds without scopes are within none. */
export type ScopeMatch = (scope: Scope, object: JsonObject) => boolean;

export function scopesOf(quota: JsonObject): Scope[] {
  return [
    ...textsAt(quota, 'spec.scopes').map((name) => ({ name, operator: 'Exists', values: [] })),
    ...listAt(quota, 'spec.scopeSelector.matchExpressions').map((each) => ({
      name: textAt(each, 'scopeName'),
      operator: textAt(each, 'operator'),
      values: textsAt(each, 'values'),
    })),
  ];
}

export const noScope: ScopeMatch = () => false;

export const podScope: ScopeMatch = (scope, pod) => {
  const spec = mapAt(pod, 'spec');
  const isBestEffort = textAt(pod, 'status.qosClass') === 'BestEffort';
  switch (scope.name) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return isBestEffort;
    case 'NotBestEffort':
      return !isBestEffort;
    case 'PriorityClass':
      return meets(scope, textAt(spec, 'priorityClassName'));
    case 'CrossNamespacePodAffinity':
      return looksElsewhere(spec);
    default:
      return false;
  }
};

/** Whether a pod's time is limited. */
export function isTerminating(pod: JsonObject): boolean {
  const { activeDeadlineSeconds: seconds } = mapAt(pod, 'spec');
  return typeof seconds === 'number' && seconds >= 0;
}

export const claimScope: ScopeMatch = (scope, claim) => {
  if (scope.name !== 'VolumeAttributesClass') return false;
  const names = ['spec.volumeAttributesClassName', 'status.currentVolumeAttributesClassName']
    .concat('status.modifyVolumeStatus.targetVolumeAttributesClassName')
    .map((path) => textAt(claim, path))
    .filter(Boolean);
  return names.length === 0 ? meets(scope, '') : names.some((name) => meets(scope, name));
};

/** @param value empty where there is none */
function meets(scope: Scope, value: string): boolean {
  return meetsRequirement(scope, value || undefined);
}

const affinities = ['affinity.podAffinity', 'affinity.podAntiAffinity'];

/** Whether a pod's affinities are about pods of other namespaces. */
function looksElsewhere(spec: JsonObject): boolean {
  const terms = affinities.flatMap((path) => [
    ...listAt(spec, `${path}.requiredDuringSchedulingIgnoredDuringExecution`),
    ...listAt(spec, `${path}.preferredDuringSchedulingIgnoredDuringExecution`).map((each) =>
      mapAt(each, 'podAffinityTerm'),
    ),
  ]);
  return terms.some((term) => textsAt(term, 'namespaces').length > 0 || term['namespaceSelector'] !== undefined);
}
