/**
 * How a schema lays out a value for apply: which maps and lists are whole (atomic), which lists are sets or list maps,
 * and what the steps to their items are. A value without schema has granular maps and whole lists.
 */

import { apiVersionSchema, kindNameSchema } from '../kinds/kind-schema.ts';
import { emptyKeysOf, structSchema } from '../kinds/type-schema.ts';
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject, memberSchema, type Schema } from '../schema/schema.ts';
import { keyStep, type Step, valueStep } from './field-set.ts';

export type Layout = 'leaf' | 'map' | 'list';

/** How a value is taken apart; a null may stand for anything. */
export function layoutOf(value: unknown, schema: Schema | undefined): Layout {
  if (Array.isArray(value)) return isGranularList(schema) ? 'list' : 'leaf';
  if (isObject(value)) return isAtomicMap(schema) ? 'leaf' : 'map';
  return 'leaf';
}

function isAtomicMap(schema: Schema | undefined): boolean {
  if (schema?.['x-kubernetes-map-type'] === 'atomic') return true;
  return false;
}

function isGranularList(schema: Schema | undefined): boolean {
  const type = schema?.['x-kubernetes-list-type'];
  return type === 'set' || type === 'map';
}

/** Whether a member is declared by name rather than an entry of a map. */
export function isDeclared(schema: Schema | undefined, name: string): boolean {
  if (ownMember(schema?.properties, name)) return true;
  return schema?.['x-kubernetes-embedded-resource'] === true && Object.hasOwn(resourceMembers(), name);
}

/** The schema of a member. */
export function memberOf(schema: Schema | undefined, name: string): Schema | undefined {
  const own = ownMember(schema?.properties, name);
  return own || !isDeclared(schema, name) ? memberSchema(schema, name) : ownMember(resourceMembers(), name);
}

/** What every resource has, one that is embedded in another too. */
const resourceMembers = (): Record<string, Schema> => ({
  apiVersion: apiVersionSchema,
  kind: kindNameSchema,
  metadata: structSchema('meta.ObjectMeta'),
});

export function itemStep(item: unknown, schema: Schema): Step {
  if (schema['x-kubernetes-list-type'] !== 'map') return valueStep(item);
  const key: JsonObject = {};
  for (const name of schema['x-kubernetes-list-map-keys'] ?? []) {
    const value = keyValue(item, name, schema);
    if (value !== undefined) setOwn(key, name, value);
  }
  return keyStep(key);
}

/** What an item has as a key: a null where it says so, else the default; undefined where it has neither. */
export function keyValue(item: unknown, name: string, schema: Schema): unknown {
  if (isObject(item) && Object.hasOwn(item, name)) return item[name];
  return ownMember(schema.items?.properties, name)?.default ?? ownMember(emptyKeysOf(schema), name);
}

/** Items by step; a step met twice keeps all its items. */
export function itemsByStep(items: readonly unknown[], schema: Schema): Map<Step, unknown[]> {
  const found = new Map<Step, unknown[]>();
  for (const item of items) {
    const step = itemStep(item, schema);
    const same = found.get(step);
    if (same) same.push(item);
    else found.set(step, [item]);
  }
  return found;
}
