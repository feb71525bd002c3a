import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { matchesLabelSelector } from '../kinds/object-selectors.ts';
import type { Store } from '../store/store.ts';
import type { PolicyRule, RoleBinding, RoleReference, RoleSource, Subject } from './rbac.ts';

const group = 'rbac.authorization.k8s.io';

interface AggregationRule {
  clusterRoleSelectors?: { matchLabels?: Record<string, string> }[];
}

/** The roles and bindings of the store. A ClusterRole with an aggregationRule has the rules of those it selects. */
export class StoredRoles implements RoleSource {
  readonly #store: Store<KubernetesObject>;

  constructor(store: Store<KubernetesObject>) {
    this.#store = store;
  }

  clusterRoleBindings(): RoleBinding[] {
    return this.#store.list(`clusterrolebindings.${group}`).items.map(({ object }) => bindingOf(object));
  }

  roleBindings(namespace: string): RoleBinding[] {
    return this.#store
      .list(`rolebindings.${group}`, { prefix: `${namespace}/` })
      .items.map(({ object }) => bindingOf(object));
  }

  rules({ kind, name }: RoleReference, namespace: string): readonly PolicyRule[] | undefined {
    const item =
      kind === 'ClusterRole'
        ? this.#store.get(`clusterroles.${group}`, name)
        : this.#store.get(`roles.${group}`, `${namespace}/${name}`);
    if (!item) return undefined;
    const aggregation = item.object['aggregationRule'] as AggregationRule | undefined;
    return aggregation ? this.#aggregated(aggregation) : ((item.object['rules'] ?? []) as PolicyRule[]);
  }

  #aggregated({ clusterRoleSelectors = [] }: AggregationRule): PolicyRule[] {
    const { items } = this.#store.list(`clusterroles.${group}`);
    return items
      .filter(({ object }) =>
        clusterRoleSelectors.some((selector) => matchesLabelSelector(selector, object.metadata.labels ?? {})),
      )
      .flatMap(({ object }) => (object['rules'] ?? []) as PolicyRule[]);
  }
}

function bindingOf(object: KubernetesObject): RoleBinding {
  return {
    name: object.metadata.name as string,
    namespace: object.metadata.namespace ?? '',
    subjects: (object['subjects'] ?? []) as Subject[],
    roleRef: object['roleRef'] as RoleReference,
  };
}
