/** The CEL types of a schema: every object with declared members is a type of its own. */
import type { Environment } from '@marcbachmann/cel-js';
import { apiVersionSchema, kindNameSchema } from '../kinds/kind-schema.ts';
import type { Schema } from '../schema/schema.ts';

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** The name under which a rule reads a member, undefined for one it cannot read. */
export function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '\0')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__')
    .replaceAll('\0', '__underscores__');
}

const metadataSchema: Schema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

const withMeta = new WeakMap<Schema, Schema>();

/** The schema with the members every resource has, where it describes one. */
export function embeddedSchema(schema: Schema, isRoot: boolean): Schema {
  if (!isRoot && !schema['x-kubernetes-embedded-resource']) return schema;
  let extended = withMeta.get(schema);
  if (!extended) {
    const properties = {
      ...schema.properties,
      apiVersion: apiVersionSchema,
      kind: kindNameSchema,
      metadata: metadataSchema,
    };
    extended = { ...schema, properties };
    withMeta.set(schema, extended);
  }
  return extended;
}

type Constructor = new (members: Record<string, unknown>) => object;

/** Declares types in an environment and makes their values. */
export class CelTypes {
  readonly #environment: Environment;
  readonly #named = new Map<Schema, { name: string; make: Constructor }>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The type's name, declared on first use. */
  nameOf(schema: Schema | undefined, isRoot = false): string {
    if (!schema) return 'dyn';
    const shape = embeddedSchema(schema, isRoot);
    if (shape['x-kubernetes-int-or-string']) return 'dyn';
    switch (shape.type) {
      case 'string':
        return textType(shape.format);
      case 'integer':
        return 'int';
      case 'number':
        return 'double';
      case 'boolean':
        return 'bool';
      case 'array':
        return `list<${this.nameOf(shape.items)}>`;
      case 'object':
        return this.#objectName(shape);
      default:
        return 'dyn';
    }
  }

  construct(schema: Schema, members: Record<string, unknown>): unknown {
    const known = this.#named.get(schema);
    return known ? new known.make(members) : new Map(Object.entries(members));
  }

  #objectName(schema: Schema): string {
    const { additionalProperties } = schema;
    if (!schema.properties && typeof additionalProperties === 'object') {
      return `map<string, ${this.nameOf(additionalProperties)}>`;
    }
    return this.#declare(schema);
  }

  #declare(schema: Schema): string {
    const known = this.#named.get(schema);
    if (known) return known.name;
    const name = `Object${this.#named.size}`;
    const make = class {
      constructor(members: Record<string, unknown>) {
        Object.assign(this, members);
      }
    };
    this.#named.set(schema, { name, make });
    const fields: Record<string, string> = {};
    for (const [member, inner] of Object.entries(schema.properties ?? {})) {
      const escaped = escapeName(member);
      if (escaped !== undefined) fields[escaped] = this.nameOf(inner);
    }
    this.#environment.registerType(name, { ctor: make, fields } as never);
    this.#environment.registerOperator(`${name} == ${name}`, ((a: unknown, b: unknown) => celEqual(a, b)) as never);
    return name;
  }
}

function textType(format: string | undefined): string {
  switch (format) {
    case 'date-time':
    case 'datetime':
    case 'date':
      return 'google.protobuf.Timestamp';
    case 'duration':
      return 'google.protobuf.Duration';
    case 'byte':
      return 'bytes';
    default:
      return 'string';
  }
}

/** Deep equality of CEL values. */
export function celEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return isNumeric(a) && isNumeric(b) && Number(a) === Number(b);
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && celEqual(value, b.get(key)));
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => celEqual(item, b[index]));
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => celEqual((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]));
}

function isNumeric(value: unknown): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}
