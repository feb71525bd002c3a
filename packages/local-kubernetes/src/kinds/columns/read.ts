/** Small readers for cells: a missing or odd value never throws. */
import { isObject, type JsonObject } from '../../schema/schema.ts';

/** The value at a dotted path, undefined when anything on the way is missing. */
export function at(object: unknown, path: string): unknown {
  let value = object;
  for (const name of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = value[name];
  }
  return value;
}

export function textAt(object: unknown, path: string): string {
  const value = at(object, path);
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

export function numberAt(object: unknown, path: string): number {
  const value = at(object, path);
  return typeof value === 'number' ? value : 0;
}

export function listAt(object: unknown, path: string): JsonObject[] {
  const value = at(object, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textsAt(object: unknown, path: string): string[] {
  const value = at(object, path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function mapAt(object: unknown, path: string): JsonObject {
  const value = at(object, path);
  return isObject(value) ? value : {};
}

/** `a=1,b=2`, or `<none>`. */
export function labelsText(labels: JsonObject): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length > 0 ? pairs.sort().join(',') : '<none>';
}

/** A label selector as kubectl writes it: `a=b,c in (d,e),!f`; `<none>` when absent or empty. */
export function selectorText(selector: unknown): string {
  if (!isObject(selector)) return '<none>';
  const parts = Object.entries(mapAt(selector, 'matchLabels')).map(([key, value]) => [key, `${key}=${value}`] as const);
  const expressions = listAt(selector, 'matchExpressions').map((expression) => {
    const key = textAt(expression, 'key');
    return [key, requirementText(key, textAt(expression, 'operator'), textsAt(expression, 'values'))] as const;
  });
  const all = [...parts, ...expressions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, text]) => text);
  return all.length > 0 ? all.join(',') : '<none>';
}

function requirementText(key: string, operator: string, values: string[]): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${[...values].sort().join(',')})`;
}

/** Names and images of containers, joined by commas. */
export function containerCells(containers: readonly JsonObject[]): { names: string; images: string } {
  return {
    names: containers.map((container) => textAt(container, 'name')).join(','),
    images: containers.map((container) => textAt(container, 'image')).join(','),
  };
}

export function conditionOf(object: unknown, type: string): JsonObject | undefined {
  return listAt(object, 'status.conditions').find((condition) => condition['type'] === type);
}

export function hasCondition(object: unknown, type: string): boolean {
  return conditionOf(object, type)?.['status'] === 'True';
}
