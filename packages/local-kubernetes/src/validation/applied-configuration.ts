/** The body of a server-side apply: typed by the schema, but otherwise kept as it was sent. */

import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { isDeclared } from '../patch/typed-value.ts';
import { isObject, type JsonObject, memberSchema, type Schema } from '../schema/schema.ts';

export interface AppliedConfiguration {
  readonly object: JsonObject;
  /**
   * Set when a value does not fit the schema: `failed to create typed patch object (ns/name; batch/v1, Kind=Job): ...`.
   * The real server answers it with code 500 and no reason.
   */
  readonly error?: string;
}

const deepest = 1000;

export function readApplied(raw: unknown, kind: Kind): AppliedConfiguration {
  const object = (isObject(raw) ? structuredClone(raw) : {}) as JsonObject;
  object['apiVersion'] = apiVersionOf(kind);
  object['kind'] = kind.kind;
  const problems: string[] = [];
  check(object, kind.schema, '', problems, 0);
  if (problems.length === 0) return { object };
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { group, version } = kind;
  const about = `${metadata['namespace'] ?? ''}/${metadata['name'] ?? ''}; ${group}/${version}, Kind=${kind.kind}`;
  const text = problems.length === 1 ? problems[0] : `errors:\n${problems.map((each) => `  ${each}`).join('\n')}`;
  return { object, error: `failed to create typed patch object (${about}): ${text}` };
}

function check(value: unknown, schema: Schema | undefined, path: string, problems: string[], depth: number): void {
  if (!schema || value === null || value === undefined || depth > deepest) return;
  const expected = expectation(value, schema);
  if (expected) {
    problems.push(`${path}: expected ${expected}, got ${printed(value)}`);
    return;
  }
  if (Array.isArray(value)) {
    checkItems(value, schema, path, problems, depth);
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const inner = memberSchema(schema, name);
      if (inner) check(member, inner, `${path}.${name}`, problems, depth + 1);
      else if (!isOpen(schema) && !isDeclared(schema, name))
        problems.push(`${path}.${name}: field not declared in schema`);
    }
  }
}

/** Items of a set or a list map are told by what they are, and stand there once. */
function checkItems(items: readonly unknown[], schema: Schema, path: string, problems: string[], depth: number): void {
  const type = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const name =
      type === 'set'
        ? `[=${JSON.stringify(item)}]`
        : type === 'map' && isObject(item)
          ? `[${keys.map((key) => `${key}=${JSON.stringify(item[key] ?? defaultOf(schema, key))}`).join(',')}]`
          : `[${index}]`;
    if (seen.has(name)) {
      problems.push(`${path}: duplicate entries for key ${name}`);
      return;
    }
    seen.add(name);
    check(item, schema.items, `${path}${name}`, problems, depth + 1);
  }
}

function defaultOf(schema: Schema, key: string): unknown {
  return schema.items?.properties?.[key]?.default;
}

function isOpen(schema: Schema): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] || schema['x-kubernetes-embedded-resource']) return true;
  return schema.additionalProperties === true || (schema.type === 'object' && !schema.properties);
}

/** What should stand here, when something else does. */
function expectation(value: unknown, schema: Schema): string | undefined {
  if (schema['x-kubernetes-int-or-string'] || schema.format === 'quantity') return undefined;
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' ? undefined : 'string';
    case 'integer':
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? undefined : 'numeric (int or float)';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'boolean';
    case 'array':
      return Array.isArray(value) ? undefined : 'list';
    case 'object':
      return isObject(value) ? undefined : 'map';
    default:
      return undefined;
  }
}

function printed(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  const text = Array.isArray(value) ? `[${value.join(' ')}]` : isObject(value) ? 'map' : String(value);
  return `&value.valueUnstructured{Value:${text}}`;
}
