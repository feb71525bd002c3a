/** The whole schema of a built-in kind: its struct, with apiVersion and kind. */
import type { Schema } from '../schema/schema.ts';
import { definitionName, nameDefinition, structSchema } from './type-schema.ts';

const structOfSchema = new WeakMap<Schema, string>();

export const apiVersionSchema: Schema = {
  type: 'string',
  description: 'The version of the schema this object is written in, such as batch/v1.',
};
export const kindNameSchema: Schema = { type: 'string', description: 'The kind of object this is, in CamelCase.' };

/** @param struct the struct's key in the type tables, such as `core.Pod` */
export function kindSchema(group: string, version: string, kind: string, struct: string): Schema {
  const base = structSchema(struct);
  const schema: Schema = {
    ...base,
    properties: { apiVersion: apiVersionSchema, kind: kindNameSchema, ...base.properties },
  };
  Object.defineProperty(schema, 'x-kubernetes-group-version-kind', {
    value: [{ group, kind, version }],
    enumerable: true,
  });
  nameDefinition(schema, definitionName(struct));
  structOfSchema.set(schema, struct);
  return schema;
}

/** The struct behind a built-in kind's schema. */
export function structOf(schema: Schema): string | undefined {
  return structOfSchema.get(schema);
}
