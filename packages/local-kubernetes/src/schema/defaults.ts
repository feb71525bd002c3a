/** Defaulting of custom resources by their structural schema, in place, as the API server does it on every read. */
import { ownMember, setOwn } from './own-member.ts';
import { isObject, memberSchema, type Schema } from './schema.ts';

/** Drops nulls that are not allowed, unless they are to stay, and fills in defaults. */
export function applyDefaults(value: unknown, schema: Schema, keepsNulls = false): void {
  if (!keepsNulls) dropNulls(value, schema);
  fill(value, schema);
}

function isRefusedNull(value: unknown, schema: Schema): boolean {
  return value === null && !schema.nullable;
}

/** A null where the schema allows none is as good as absent, unless a default is to take its place. */
function dropNulls(value: unknown, schema: Schema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  for (const name of Object.keys(value)) {
    const inner = memberSchema(schema, name);
    if (!inner) continue;
    if (isRefusedNull(value[name], inner) && inner.default === undefined) delete value[name];
    else dropNulls(value[name], inner);
  }
}

function fill(value: unknown, schema: Schema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return;
    for (const [index, item] of value.entries()) {
      if (isRefusedNull(item, items) && items.default !== undefined) value[index] = structuredClone(items.default);
      fill(value[index], items);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (member.default === undefined || member.default === null) continue;
    if (!Object.hasOwn(value, name) || isRefusedNull(value[name], member))
      setOwn(value, name, structuredClone(member.default));
  }
  for (const name of Object.keys(value)) {
    const member = ownMember(schema.properties, name);
    if (member) fill(value[name], member);
    else if (typeof schema.additionalProperties === 'object') {
      const { additionalProperties } = schema;
      if (isRefusedNull(value[name], additionalProperties) && additionalProperties.default !== undefined) {
        setOwn(value, name, structuredClone(additionalProperties.default));
      }
      fill(value[name], additionalProperties);
    }
  }
}
