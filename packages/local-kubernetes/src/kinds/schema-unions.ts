/** The fields of a CustomResourceDefinition's schema that hold one thing or another: a schema, a list or a boolean. */
import { isObject } from '../schema/schema.ts';
import { type StructType, structType } from './notation.ts';

/** What reads a struct where a union holds one. */
export interface StructReader {
  struct(raw: unknown, type: StructType, owner: string): Record<string, unknown>;
  /** Reads what decodes itself: no field within is unknown. */
  unchecked<T>(read: () => T): T;
  /** Decoding ends here. */
  abandon(sentence: string): never;
}

const schemaStruct = 'apiextensions.JSONSchemaProps';
const isUnion = new Set(['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray']);

export const decodeSchemaUnion = {
  handles(struct: string): boolean {
    const [packageName, name] = struct.split('.');
    return packageName === 'apiextensions' && isUnion.has(name!);
  },

  read(reader: StructReader, raw: unknown, struct: string): unknown {
    const name = struct.split('.')[1]!;
    if (name === 'JSON') return raw;
    if (name === 'JSONSchemaPropsOrBool') {
      if (typeof raw === 'boolean') return raw;
      if (!isObject(raw)) return reader.abandon('boolean or JSON schema expected');
    }
    if (Array.isArray(raw)) {
      if (name === 'JSONSchemaPropsOrStringArray') return raw;
      if (name === 'JSONSchemaPropsOrArray') return raw.map((item) => readSchema(reader, item));
    }
    // A real server takes anything else for a list of none.
    return isObject(raw) ? readSchema(reader, raw) : null;
  },
};

function readSchema(reader: StructReader, raw: unknown): unknown {
  const type = structType(schemaStruct);
  return reader.unchecked(() => reader.struct(raw, type, type.name));
}
