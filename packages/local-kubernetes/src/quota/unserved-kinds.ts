/** What a quota may count on any cluster and nobody can make on one machine: there is none of it. */
import { kindsNotRun } from '../kinds/kinds-not-run.ts';
import { countName, type GroupResource } from './evaluator.ts';

/** Kinds of other clusters of which not even discovery tells here. */
const unknown: readonly GroupResource[] = [
  { group: '', plural: 'podtemplates' },
  { group: 'apps', plural: 'controllerrevisions' },
  { group: 'resource.k8s.io', plural: 'resourceclaims' },
  { group: 'resource.k8s.io', plural: 'resourceclaimtemplates' },
  { group: 'storage.k8s.io', plural: 'csistoragecapacities' },
];
const names = new Set([...[...kindsNotRun, ...unknown].map(countName), 'replicationcontrollers']);

export function isNeverUsed(resource: string): boolean {
  return names.has(resource) || resource.endsWith('.deviceclass.resource.k8s.io/devices');
}
