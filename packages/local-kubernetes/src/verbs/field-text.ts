import type { KubernetesObject } from '../client/kubernetes-object.ts';

/** The value at a dotted path as field selectors compare it: text, with '' for what is absent. */
export function fieldText(object: KubernetesObject, path: string): string {
  // core/v1 events answer to the short name of the reporting component too.
  let value: unknown = object;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return '';
    value = (value as Record<string, unknown>)[step];
  }
  return value === undefined || value === null ? '' : String(value);
}
