// Aggregated discovery, KEP-3352: everything that is served in two documents, one for /api and one for /apis.

import type { Kind } from '../kinds/kind.ts';
import { subresourcesOf } from './legacy-discovery.ts';
import type { ResourceRegistry, ServedVersion } from './resource-registry.ts';

export const discoveryMediaType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The APIGroupDiscoveryList of the core group (/api), or of all others (/apis). */
export function aggregatedDiscovery(resources: ResourceRegistry, isCore: boolean): object {
  const items = [...resources.groups()]
    .filter(([group]) => (group === '') === isCore)
    .map(([group, versions]) => ({
      metadata: group ? { name: group } : {},
      versions: versions.map(versionEntry),
    }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function versionEntry({ version, kinds }: ServedVersion): object {
  return {
    version,
    resources: [...kinds].sort((a, b) => (a.plural < b.plural ? -1 : 1)).map(resourceEntry),
    freshness: 'Current',
  };
}

function resourceEntry(kind: Kind): object {
  const { group, version, plural, singular, namespaced, verbs, shortNames, categories } = kind;
  const subresources = subresourcesOf(kind).map((each) => ({
    subresource: each.name,
    responseKind: { group: each.group ?? group, version: each.version ?? version, kind: each.kind },
    verbs: each.verbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind: kind.kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
