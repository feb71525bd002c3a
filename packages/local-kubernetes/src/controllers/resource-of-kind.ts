import type { KubernetesClient } from '../client/kubernetes-client.ts';
import { compareVersions } from '../discovery/resource-registry.ts';
import { builtInKinds } from '../kinds/built-in.ts';

const definitions = { apiVersion: 'apiextensions.k8s.io/v1', plural: 'customresourcedefinitions' };

export interface KindResource {
  readonly apiVersion: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly isBuiltIn: boolean;
}

interface Definition {
  readonly group: string;
  readonly scope: string;
  readonly names: { readonly kind: string; readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

/** Where objects of a kind are served, in the version that a client prefers; undefined where there is no such kind. */
export async function resourceOfKind(
  client: KubernetesClient,
  group: string,
  kind: string,
): Promise<KindResource | undefined> {
  const builtIn = builtInKinds.find((each) => each.group === group && each.kind === kind);
  if (builtIn) {
    const { version, plural, namespaced } = builtIn;
    return { apiVersion: group ? `${group}/${version}` : version, plural, isNamespaced: namespaced, isBuiltIn: true };
  }
  const { items } = await client.list(definitions);
  for (const { spec } of items) {
    const { group: own, scope, names, versions } = spec as Definition;
    if (own !== group || names.kind !== kind) continue;
    const [version] = versions
      .flatMap(({ name, served }) => (served ? [name] : []))
      .sort((a, b) => compareVersions(b, a));
    if (version) {
      const isNamespaced = scope === 'Namespaced';
      return { apiVersion: `${group}/${version}`, plural: names.plural, isNamespaced, isBuiltIn: false };
    }
  }
  return undefined;
}
