/** The fields of a CustomResourceDefinition's schema that hold one thing or another: a schema, a list or a boolean. */
import type { GoReader } from './go-decode.ts';
import { structType } from './notation.ts';

const schemaStruct = 'apiextensions.JSONSchemaProps';
const isUnion = new Set(['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray']);

export const decodeSchemaUnion = {
  handles(struct: string): boolean {
    const [packageName, name] = struct.split('.');
    return packageName === 'apiextensions' && isUnion.has(name!);
  },

  read(reader: GoReader, raw: unknown, struct: string): unknown {
    const name = struct.split('.')[1]!;
    if (name === 'JSON') return raw;
    if (name === 'JSONSchemaPropsOrBool' && typeof raw === 'boolean') return raw;
    if (Array.isArray(raw)) {
      if (name === 'JSONSchemaPropsOrStringArray') return raw;
      if (name === 'JSONSchemaPropsOrArray') return raw.map((item) => readSchema(reader, item));
    }
    return readSchema(reader, raw);
  },
};

function readSchema(reader: GoReader, raw: unknown): unknown {
  const type = structType(schemaStruct);
  return reader.struct(raw, type, type.name);
}
