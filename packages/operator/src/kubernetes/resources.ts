/** The kinds of object that the operator touches, and where the API server keeps them. */
import { apiGroup, storedVersion } from '@ebb/minicluster';

/** A kind of object: group and version as in apiVersion, and its plural name. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export const miniClusters: Resource = {
  apiVersion: `${apiGroup}/${storedVersion}`,
  kind: 'MiniCluster',
  plural: 'miniclusters',
};
export const jobs: Resource = { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs' };
export const pods: Resource = { apiVersion: 'v1', kind: 'Pod', plural: 'pods' };
export const services: Resource = { apiVersion: 'v1', kind: 'Service', plural: 'services' };
export const configMaps: Resource = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' };
export const secrets: Resource = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' };
export const events: Resource = { apiVersion: 'v1', kind: 'Event', plural: 'events' };
export const leases: Resource = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', plural: 'leases' };
export const networkPolicies: Resource = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
};

const byKind = new Map(
  [miniClusters, jobs, pods, services, configMaps, secrets, events, leases, networkPolicies].map((each) => [
    each.kind,
    each,
  ]),
);

/** The resource of an object. @throws Error for a kind that the operator has no business with */
export function resourceOf(object: { kind: string }): Resource {
  const resource = byKind.get(object.kind);
  if (!resource) throw new Error(`no resource is known for kind ${object.kind}`);
  return resource;
}

/** Path of a collection or, with a name, of an object or one of its subresources. */
export function resourcePath(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  const root = resource.apiVersion.includes('/') ? `/apis/${resource.apiVersion}` : `/api/${resource.apiVersion}`;
  const parts = [root, namespace ? `namespaces/${encodeURIComponent(namespace)}` : '', resource.plural];
  if (name) parts.push(encodeURIComponent(name));
  if (subresource) parts.push(subresource);
  return parts.filter((part) => part !== '').join('/');
}
