/**
 * OpenAPI version 2 of everything that is served, derived from the documents of version 3: what older clients read, and
 * `kubectl explain --output plaintext-openapiv2`.
 * Of what version 2 cannot say it leaves out what a real server leaves out (apiextensions-apiserver,
 * pkg/controller/openapi/v2): kubectl takes an untyped value for anything.
 */
import type { OpenApiDocument } from '../kinds/open-api.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

export interface SwaggerDocument {
  readonly swagger: '2.0';
  readonly info: OpenApiDocument['info'];
  readonly paths: JsonObject;
  readonly definitions: Readonly<Record<string, JsonObject>>;
}

/** One document of all. @param documents at least one */
export function swaggerOf(documents: readonly OpenApiDocument[]): SwaggerDocument {
  const paths = Object.assign({}, ...documents.map((each) => mapValues(each.paths, pathItemOf))) as JsonObject;
  const schemas = Object.assign({}, ...documents.map((each) => each.components.schemas)) as JsonObject;
  const definitions = mapValues(sorted(schemas), (schema) => definitionOf(schema as JsonObject));
  return { swagger: '2.0', info: documents[0]!.info, paths: sorted(paths), definitions };
}

/** A kind of which any field may be there is any object, without even the fields that are known. */
function definitionOf(schema: JsonObject): JsonObject {
  const groupVersionKind = 'x-kubernetes-group-version-kind';
  if (schema['x-kubernetes-preserve-unknown-fields'] !== true) return schemaOf(schema);
  return { type: 'object', [groupVersionKind]: schema[groupVersionKind] };
}

const unsaid = new Set(['default', 'nullable', 'allOf', 'anyOf', 'oneOf', 'not']);

function schemaOf(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref') result[key] = String(value).replace('#/components/schemas/', '#/definitions/');
    else if (!unsaid.has(key) && !isEmpty(value)) result[key] = partOf(key, value);
  }
  // A member with words of its own beside the reference.
  const [reference] = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  if (isObject(reference) && reference['$ref']) Object.assign(result, schemaOf(reference));
  // Of the types that a value may have; in the kinds of others none stands there.
  const [one] = Array.isArray(schema['oneOf']) ? schema['oneOf'] : [];
  if (isObject(one) && one['type']) result['type'] = 'string';

  const isAnything = schema['nullable'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (isAnything) {
    delete result['items'];
    delete result['properties'];
  }
  if (schema['nullable'] === true || (isAnything && result['type'] === 'object')) delete result['type'];
  if (result['type'] === 'array' && result['items'] === undefined) delete result['type'];
  const required = requiredOf(schema);
  if (required) result['required'] = required;
  else delete result['required'];
  return result;
}

function partOf(key: string, value: unknown): unknown {
  if (key === 'properties' && isObject(value)) return mapValues(value, (member) => schemaOf(member as JsonObject));
  return (key === 'items' || key === 'additionalProperties') && isObject(value) ? schemaOf(value) : value;
}

/** An object without known members is one with any. */
function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** Nobody has to name what may be null. */
function requiredOf({ required, properties, additionalProperties }: JsonObject): unknown[] | undefined {
  if (!Array.isArray(required) || isNullable(additionalProperties)) return undefined;
  const left = required.filter((name) => !(isObject(properties) && isNullable(properties[name as string])));
  return left.length > 0 ? left : undefined;
}

function isNullable(schema: unknown): boolean {
  return isObject(schema) && schema['nullable'] === true;
}

function pathItemOf(item: unknown): JsonObject {
  return mapValues(item as JsonObject, (part, key) =>
    key === 'parameters' ? (part as JsonObject[]).map(parameterOf) : operationOf(part as JsonObject),
  );
}

function operationOf(operation: JsonObject): JsonObject {
  const { parameters, requestBody, responses, ...rest } = operation as {
    parameters: JsonObject[];
    requestBody?: { content: Record<string, { schema: JsonObject }> };
    responses: Record<string, { description: string; content: Record<string, { schema: JsonObject }> }>;
  };
  const consumes = Object.keys(requestBody?.content ?? { '*/*': {} });
  const [body] = Object.values(requestBody?.content ?? {});
  const inBody = body && { name: 'body', in: 'body', required: true, schema: schemaOf(body.schema) };
  return {
    consumes,
    produces: Object.keys(Object.values(responses)[0]!.content),
    schemes: ['https'],
    ...rest,
    parameters: [...(inBody ? [inBody] : []), ...parameters.map(parameterOf)],
    responses: mapValues(responses, ({ description, content }) => ({
      description,
      schema: schemaOf(Object.values(content)[0]!.schema),
    })),
  };
}

function parameterOf({ schema, ...rest }: JsonObject): JsonObject {
  return { ...(schema as JsonObject), ...rest };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function sorted(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
