/** Schemas of the built-in kinds, made from the type tables. */
import type { JsonObject, Schema } from '../schema/schema.ts';
import { type FieldType, type StructField, structType } from './notation.ts';

const schemas = new Map<string, Schema>();
const definitionNames = new WeakMap<Schema, string>();
const references = new WeakMap<Schema, Reference>();

const emptyKeys = new WeakMap<Schema, JsonObject>();

/** What a member says of itself, beside the definition that it refers to. */
interface Reference {
  readonly definition: Schema;
  readonly words: Schema;
}

/** The schema of a struct, one object per struct: they refer to each other and may be circular. */
export function structSchema(key: string): Schema {
  const known = schemas.get(key);
  if (known) return known;
  const union = unionSchema(key);
  if (union) {
    schemas.set(key, union);
    return union;
  }
  const type = structType(key);
  const schema: Schema = { type: 'object', properties: {} };
  schemas.set(key, schema);
  definitionNames.set(schema, definitionName(key));
  if (type.description) schema.description = type.description;
  if (type.isAtomic) schema['x-kubernetes-map-type'] = 'atomic';
  const required: string[] = [];
  for (const field of type.fields) {
    schema.properties![field.name] = fieldSchema(field);
    if (field.isRequired) required.push(field.name);
  }
  if (required.length > 0) schema.required = required.sort();
  return schema;
}

/** The name under which OpenAPI documents define this schema; undefined for one written in place. */
export function definitionNameOf(schema: Schema): string | undefined {
  return definitionNames.get(schema);
}

/** The definition of a member that adds words of its own to it; undefined for one that adds none. */
export function referenceOf(schema: Schema): Reference | undefined {
  return references.get(schema);
}

/** Keys of a list map that an entry has though it does not say them: Go writes their fields even when empty. */
export function emptyKeysOf(schema: Schema): JsonObject | undefined {
  return emptyKeys.get(schema);
}

/** Gives a schema a name of its own in OpenAPI documents. */
export function nameDefinition(schema: Schema, name: string): void {
  definitionNames.set(schema, name);
}

const packagePaths: Record<string, string> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  autoscalingv1: 'io.k8s.api.autoscaling.v1',
  autoscalingv2: 'io.k8s.api.autoscaling.v2',
};

export function definitionName(key: string): string {
  const [packageName, name] = key.split('.') as [string, string];
  return `${packagePaths[packageName] ?? `io.k8s.api.${packageName}.v1`}.${name}`;
}

function fieldSchema(field: StructField): Schema {
  const base = typeSchema(field.type);
  const extras: Schema = {};
  if (field.description) extras.description = field.description;
  if (field.listType) {
    const key = field.type.form === 'list' ? 'x-kubernetes-list-type' : 'x-kubernetes-map-type';
    extras[key] = field.listType;
  }
  if (field.mapKeys) extras['x-kubernetes-list-map-keys'] = [...field.mapKeys];
  if (field.patchStrategy) extras['x-kubernetes-patch-strategy'] = field.patchStrategy;
  if (field.patchMergeKey) extras['x-kubernetes-patch-merge-key'] = field.patchMergeKey;
  if (field.default !== undefined) extras.default = field.default;
  if (field.enum) extras.enum = [...field.enum];
  if (Object.keys(extras).length === 0) return base;
  const name = definitionNames.get(base);
  // A copy shares the properties object, which is filled in later when the struct is circular.
  const merged = base.properties ? Object.assign(Object.create(base) as Schema, extras) : { ...base, ...extras };
  if (field.mapKeys) emptyKeys.set(merged, emptyKeysIn(field));
  if (name) {
    definitionNames.set(merged, name);
    references.set(merged, { definition: base, words: extras });
  }
  return merged;
}

function emptyKeysIn({ mapKeys, type }: StructField): JsonObject {
  const { fieldsByName } = structType(type.of!.struct!);
  const written = mapKeys!.map((key) => fieldsByName.get(key)!).filter((key) => key.isAlwaysWritten);
  return Object.fromEntries(written.map((key) => [key.name, key.type.form === 'string' ? '' : 0]));
}

function typeSchema(type: FieldType): Schema {
  switch (type.form) {
    case 'struct':
      return structSchema(type.struct!);
    case 'list':
      return { type: 'array', items: typeSchema(type.of!) };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.of!) };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'bool':
      return { type: 'boolean' };
    case 'int32':
    case 'int64':
      return { type: 'integer', format: type.form };
    case 'float64':
      return { type: 'number', format: 'double' };
    case 'quantity':
      return named('io.k8s.apimachinery.pkg.api.resource.Quantity', { type: 'string', format: 'quantity' });
    case 'intorstring':
      return named('io.k8s.apimachinery.pkg.util.intstr.IntOrString', {
        format: 'int-or-string',
        'x-kubernetes-int-or-string': true,
      });
    case 'time':
      return named('io.k8s.apimachinery.pkg.apis.meta.v1.Time', { type: 'string', format: 'date-time' });
    case 'microtime':
      return named('io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime', { type: 'string', format: 'date-time' });
    case 'fields':
      return named('io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1', {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
      });
    case 'raw':
      return named('io.k8s.apimachinery.pkg.runtime.RawExtension', {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
      });
    default:
      return { type: 'string' };
  }
}

/** Known formats keep one schema each, so that documents can refer to it by name. */
function named(name: string, schema: Schema): Schema {
  const known = schemas.get(name);
  if (known) return known;
  schemas.set(name, schema);
  definitionNames.set(schema, name);
  return schema;
}

function unionSchema(key: string): Schema | undefined {
  const [packageName, name] = key.split('.');
  if (packageName !== 'apiextensions') return undefined;
  if (name === 'JSON') return named(definitionName(key), { 'x-kubernetes-preserve-unknown-fields': true });
  if (name?.startsWith('JSONSchemaPropsOr')) {
    return named(definitionName(key), { 'x-kubernetes-preserve-unknown-fields': true });
  }
  return undefined;
}
