/**
 * From a zod schema to a structural OpenAPI v3 schema as CustomResourceDefinitions demand
 * (Kubernetes documentation, "Specifying a structural schema"): every node has one type, no oneOf, no $ref, maps as
 * additionalProperties, and Kubernetes' own keywords where the metadata states them.
 */
import { z } from 'zod';

/** A node of a structural schema. */
export interface StructuralSchema {
  type?: string;
  description?: string;
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  required?: string[];
  default?: unknown;
  enum?: unknown[];
  format?: string;
  [keyword: string]: unknown;
}

/** Keywords that are copied as they stand. */
const copied = new Set([
  'type',
  'description',
  'default',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'maxProperties',
  'required',
]);

/** The structural schema of a zod schema. @throws Error if a node has no structural form */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  const json = z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', reused: 'inline' });
  return structural(json as Record<string, unknown>, '');
}

function structural(node: Record<string, unknown>, path: string): StructuralSchema {
  const out: StructuralSchema = {};
  if (node['x-kubernetes-int-or-string'] === true) {
    if (typeof node['description'] === 'string') out.description = node['description'];
    if (typeof node['pattern'] === 'string') out['pattern'] = node['pattern'];
    return { ...out, anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };
  }
  if (typeof node['type'] !== 'string')
    throw new Error(`${path || 'schema'}: a node without one type is not structural`);
  for (const [keyword, value] of Object.entries(node)) {
    if (copied.has(keyword) || keyword.startsWith('x-kubernetes-')) out[keyword] = value;
  }
  // zod bounds every integer by what a double can hold; that is no rule of ours.
  if (out['minimum'] === Number.MIN_SAFE_INTEGER) delete out['minimum'];
  if (out['maximum'] === Number.MAX_SAFE_INTEGER) delete out['maximum'];
  if (out.format === 'date-time') delete out['pattern'];
  if (node['properties']) {
    out.properties = Object.fromEntries(
      Object.entries(node['properties'] as Record<string, Record<string, unknown>>)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, child]) => [name, structural(child, `${path}.${name}`)]),
    );
  }
  if (Array.isArray(out.required)) {
    if (out.required.length === 0) delete out.required;
    else out.required = [...out.required].sort();
  }
  const values = node['additionalProperties'];
  if (values && typeof values === 'object')
    out.additionalProperties = structural(values as Record<string, unknown>, `${path}.*`);
  if (node['items']) out.items = structural(node['items'] as Record<string, unknown>, `${path}[]`);
  return out;
}
