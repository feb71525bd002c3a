// Discovery as it was before aggregation: /api, /apis, /apis/GROUP, and the list of resources of each version.

import type { Kind } from '../kinds/kind.ts';
import type { ResourceRegistry } from './resource-registry.ts';

/** The answer of /api. @param serverAddress `host:port` */
export function apiVersions(serverAddress: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** The answer of /apis. */
export function apiGroupList(resources: ResourceRegistry): object {
  const groups = [...resources.groups().keys()].filter((group) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupFields(resources, group)) };
}

/** The answer of /apis/GROUP; undefined when there is no such group. */
export function apiGroup(resources: ResourceRegistry, group: string): object | undefined {
  if (!group || !resources.groups().has(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupFields(resources, group) };
}

function groupFields(resources: ResourceRegistry, group: string): { name: string } {
  const versions = (resources.groups().get(group) ?? []).map(({ version }) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] } as { name: string };
}

/** The answer of /api/v1 and /apis/GROUP/VERSION; undefined when the version is not served. */
export function apiResourceList(resources: ResourceRegistry, group: string, version: string): object | undefined {
  const served = resources
    .groups()
    .get(group)
    ?.find((each) => each.version === version);
  if (!served) return undefined;
  const entries = [...served.kinds].sort((a, b) => (a.plural < b.plural ? -1 : 1)).flatMap(resourceEntries);
  return {
    kind: 'APIResourceList',
    ...(group ? { apiVersion: 'v1' } : {}),
    groupVersion: group ? `${group}/${version}` : version,
    resources: entries,
  };
}

function resourceEntries(kind: Kind): object[] {
  const { plural, singular, namespaced, verbs, shortNames, categories } = kind;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  const parts = subresourcesOf(kind).map(({ name, ...rest }) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...rest,
  }));
  return [main, ...parts];
}

export interface DiscoveredSubresource {
  readonly name: string;
  /** Absent where it is the parent's. */
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** Every subresource of a kind, by name. */
export function subresourcesOf(kind: Kind): DiscoveredSubresource[] {
  const { status, scale, others = [] } = kind.subresources;
  const verbs = ['get', 'patch', 'update'];
  const all: DiscoveredSubresource[] = others.map((other) => ({ ...other, kind: other.kind ?? kind.kind }));
  if (status) all.push({ name: 'status', kind: kind.kind, verbs });
  if (scale) all.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs });
  // Of a custom resource the real server lists them in this order, of its own kinds by name.
  return kind.builtIn ? all.sort((a, b) => (a.name < b.name ? -1 : 1)) : all;
}
