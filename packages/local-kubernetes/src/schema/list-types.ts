/** Sets hold each item once, list maps each key once: `x-kubernetes-list-type`. */

import { deepEqual } from './equality.ts';
import { duplicate, type FieldError, invalid } from './field-error.ts';
import { setOwn } from './own-member.ts';
import { isObject, type JsonObject, memberSchema, type Schema } from './schema.ts';

export function validateListTypes(value: unknown, schema: Schema | undefined, path = ''): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value)) return [...listErrors(value, schema, path), ...itemErrors(value, schema, path)];
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const at = schema.properties && Object.hasOwn(schema.properties, name) ? join(path, name) : `${path}[${name}]`;
    return validateListTypes(value[name], memberSchema(schema, name), at);
  });
}

function itemErrors(items: readonly unknown[], schema: Schema, path: string): FieldError[] {
  return items.flatMap((item, index) => validateListTypes(item, schema.items, `${path}[${index}]`));
}

function listErrors(items: readonly unknown[], schema: Schema, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') return setErrors(items, path);
  if (listType === 'map') return mapErrors(items, schema['x-kubernetes-list-map-keys'] ?? [], path);
  return [];
}

function setErrors(items: readonly unknown[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const reported: unknown[] = [];
  for (const [index, item] of items.entries()) {
    if (!items.slice(0, index).some((other) => deepEqual(other, item))) continue;
    if (reported.some((other) => deepEqual(other, item))) continue;
    reported.push(item);
    errors.push(duplicate(`${path}[${index}]`, item));
  }
  return errors;
}

function mapErrors(items: readonly unknown[], keys: readonly string[], path: string): FieldError[] {
  // The first that is none hides what is twice.
  const other = items.findIndex((item) => item !== null && !isObject(item));
  if (other >= 0)
    return [invalid(`${path}[${other}]`, items[other], 'must be an object for an array of list-type map')];
  const errors: FieldError[] = [];
  const seen: JsonObject[] = [];
  for (const [index, item] of items.entries()) {
    const key: JsonObject = {};
    for (const name of keys) if (isObject(item) && Object.hasOwn(item, name)) setOwn(key, name, item[name]);
    const same = seen.filter((other) => deepEqual(other, key)).length;
    // However often it stands there, it is told of once.
    if (same === 1) errors.push(duplicate(`${path}[${index}]`, key));
    seen.push(key);
  }
  return errors;
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
