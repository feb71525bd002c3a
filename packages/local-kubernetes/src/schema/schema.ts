/**
 * The structural schema: OpenAPI v3 as a CustomResourceDefinition carries it, with the `x-kubernetes-*` extensions.
 * The same type describes custom resources and the built-in kinds, so pruning, defaulting, merging and apply have one
 * source. Built-in schemas are shared and may refer to themselves (JSONSchemaProps does): walk them by the data, never
 * by the schema alone.
 */
import { ownMember } from './own-member.ts';

/** What a value's `type` may be. */
export const schemaTypes: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

export interface Schema {
  type?: string;
  format?: string;
  title?: string;
  description?: string;
  default?: unknown;
  nullable?: boolean;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  not?: Schema;
  externalDocs?: { description?: string; url?: string };
  example?: unknown;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-validations'?: ValidationRule[];
}

/** One CEL rule of a schema node. */
export interface ValidationRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

/** Any JSON object. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of a member of an object: a declared property, else that of additional ones. */
export function memberSchema(schema: Schema | undefined, name: string): Schema | undefined {
  if (!schema) return undefined;
  const { properties, additionalProperties } = schema;
  const declared = ownMember(properties, name);
  if (declared) return declared;
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
