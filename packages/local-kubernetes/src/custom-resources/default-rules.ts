/** The defaults of a definition's schema. */

import { deepEqual } from '../schema/equality.ts';
import { type FieldError, invalid } from '../schema/field-error.ts';
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { validateSchema } from '../schema/validate.ts';

/** Defaults must be valid themselves, and hold nothing the schema would prune. */
export function validateDefaults(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.default !== undefined) {
    for (const error of validateSchema(schema.default, schema)) {
      const isInside = error.field !== '<nil>' && error.field !== '';
      errors.push({ ...error, field: isInside ? `${path}.default.${error.field}` : `${path}.default` });
    }
    if (!deepEqual(pruned(schema.default, schema), schema.default)) {
      errors.push(invalid(`${path}.default`, schema.default, 'must not have unknown fields'));
    }
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    errors.push(...validateDefaults(member, `${path}.properties[${name}]`));
  }
  if (schema.items) errors.push(...validateDefaults(schema.items, `${path}.items`));
  if (typeof schema.additionalProperties === 'object') {
    errors.push(...validateDefaults(schema.additionalProperties, `${path}.additionalProperties`));
  }
  return errors;
}

function pruned(value: unknown, schema: Schema): unknown {
  if (schema['x-kubernetes-preserve-unknown-fields']) return value;
  if (Array.isArray(value)) return value.map((item) => (schema.items ? pruned(item, schema.items) : item));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    const declared = ownMember(schema.properties, name);
    if (declared) setOwn(result, name, pruned(member, declared));
    else if (typeof schema.additionalProperties === 'object')
      setOwn(result, name, pruned(member, schema.additionalProperties));
    else if (schema.additionalProperties === true) setOwn(result, name, member);
  }
  return result;
}
