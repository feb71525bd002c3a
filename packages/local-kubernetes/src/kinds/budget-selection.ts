import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { matchesLabelSelector } from './object-selectors.ts';

/** Whether a PodDisruptionBudget is about a pod: one of its namespace that its selector, which may be empty, selects. */
export function budgetCovers(budget: KubernetesObject, pod: KubernetesObject): boolean {
  const { selector } = (budget['spec'] ?? {}) as { readonly selector?: object };
  return (
    selector !== undefined &&
    budget.metadata.namespace === pod.metadata.namespace &&
    matchesLabelSelector(selector, pod.metadata.labels ?? {})
  );
}
