/**
 * OpenAPI version 3 of the kinds served, one document a group version. kubectl reads from them what `explain` prints and
 * how `apply` merges.
 */
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { apiVersionOf, type Kind } from './kind.ts';
import { apiVersionSchema, kindNameSchema } from './kind-schema.ts';
import { definitionNameOf, referenceOf, structSchema } from './type-schema.ts';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export interface OpenApiDocument {
  readonly openapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: JsonObject;
  readonly components: { readonly schemas: JsonObject };
}

const info = { title: 'Kubernetes', version: 'v1.35.0' };

/** The document of one group version. */
export function openApiV3(groupVersion: GroupVersion, kinds: readonly Kind[]): OpenApiDocument {
  const definitions = new Definitions();
  const served = kinds.filter((kind) => kind.group === groupVersion.group && kind.version === groupVersion.version);
  const paths = pathsOf(served, definitions);
  return { openapi: '3.0.0', info, paths, components: { schemas: definitions.all() } };
}

class Definitions {
  readonly #schemas = new Map<string, JsonObject>();

  all(): JsonObject {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A reference to a kind, defined on the way. */
  kind(kind: Kind): JsonObject {
    const name = kindDefinition(kind);
    if (!this.#schemas.has(name)) {
      this.#schemas.set(name, {});
      const schema = this.#inPlace(withTypeMeta(kind.schema));
      this.#schemas.set(name, { ...schema, 'x-kubernetes-group-version-kind': [groupVersionKind(kind)] });
    }
    return this.#reference(name);
  }

  list(kind: Kind): JsonObject {
    const name = `${kindDefinition(kind)}List`;
    if (!this.#schemas.has(name)) {
      this.#schemas.set(name, {
        type: 'object',
        description: `A list of ${kind.kind} objects.`,
        required: ['items'],
        properties: {
          apiVersion: apiVersionSchema,
          kind: kindNameSchema,
          metadata: this.schema(structSchema('meta.ListMeta')),
          items: { type: 'array', items: this.kind(kind) },
        },
        'x-kubernetes-group-version-kind': [{ ...groupVersionKind(kind), kind: kind.listKind }],
      });
    }
    return this.#reference(name);
  }

  /** A schema, by reference where it has a name. */
  schema(schema: Schema): JsonObject {
    const name = definitionNameOf(schema);
    if (!name) return this.#inPlace(schema);
    if (!this.#schemas.has(name)) {
      this.#schemas.set(name, {});
      const definition = this.#inPlace(referenceOf(schema)?.definition ?? schema);
      // Of its own kinds a real server does not say it.
      delete definition['x-kubernetes-preserve-unknown-fields'];
      this.#schemas.set(name, definition);
    }
    return this.#reference(name);
  }

  #reference(name: string): JsonObject {
    return { $ref: `#/components/schemas/${name}` };
  }

  #inPlace(schema: Schema): JsonObject {
    const result: JsonObject = {};
    for (const key in schema) {
      const value = (schema as JsonObject)[key];
      if (value !== undefined) result[key] = this.#part(key, value);
    }
    // Who sends a number instead of a text is understood, too.
    if (schema.format === 'quantity') {
      const { type: _type, format: _format, ...rest } = result;
      return { ...rest, oneOf: [{ type: 'string' }, { type: 'number' }] };
    }
    return schema['x-kubernetes-int-or-string'] && schema.format === 'int-or-string'
      ? { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }
      : result;
  }

  #part(key: string, value: unknown): unknown {
    if (key === 'properties' && isObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#member(member as Schema)]));
    }
    if ((key === 'items' || key === 'additionalProperties' || key === 'not') && isObject(value))
      return this.schema(value);
    if ((key === 'allOf' || key === 'anyOf' || key === 'oneOf') && Array.isArray(value)) {
      return value.map((each) => this.schema(each as Schema));
    }
    return value;
  }

  /** A member with words of its own beside the reference. */
  #member(schema: Schema): JsonObject {
    const reference = this.schema(schema);
    const words = referenceOf(schema)?.words;
    return words ? { ...words, allOf: [reference] } : reference;
  }
}

function withTypeMeta(schema: Schema): Schema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: apiVersionSchema,
      kind: kindNameSchema,
      metadata: structSchema('meta.ObjectMeta'),
    },
  };
}

function kindDefinition(kind: Kind): string {
  const name = definitionNameOf(kind.schema);
  if (name) return name;
  return `${kind.group.split('.').reverse().join('.')}.${kind.version}.${kind.kind}`;
}

function groupVersionKind({ group, version, kind }: Kind): JsonObject {
  return { group, version, kind };
}

const mediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];

const queries = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

function pathsOf(kinds: readonly Kind[], definitions: Definitions): JsonObject {
  const paths: JsonObject = {};
  for (const kind of kinds) {
    const base = kind.group ? `/apis/${apiVersionOf(kind)}` : `/api/${kind.version}`;
    const collection = kind.namespaced ? `${base}/namespaces/{namespace}/${kind.plural}` : `${base}/${kind.plural}`;
    const has = (verb: string) => kind.verbs.includes(verb);
    const onCollection: JsonObject = {};
    const onObject: JsonObject = {};
    if (has('list')) onCollection['get'] = operation(kind, 'list', undefined, definitions.list(kind), []);
    if (has('create'))
      onCollection['post'] = operation(kind, 'post', definitions.kind(kind), definitions.kind(kind), queries);
    if (has('get')) onObject['get'] = operation(kind, 'get', undefined, definitions.kind(kind), []);
    if (has('update'))
      onObject['put'] = operation(kind, 'put', definitions.kind(kind), definitions.kind(kind), queries);
    if (has('patch')) {
      const types = kind.builtIn ? [...patchTypes, 'application/strategic-merge-patch+json'] : patchTypes;
      const body = { type: 'object' };
      const parameters = [...queries, { name: 'force', in: 'query', schema: { type: 'boolean', uniqueItems: true } }];
      onObject['patch'] = operation(kind, 'patch', body, definitions.kind(kind), parameters, types);
    }
    if (has('delete')) onObject['delete'] = operation(kind, 'delete', undefined, { type: 'object' }, []);
    const inPath = kind.namespaced ? [pathParameter('namespace')] : [];
    paths[collection] = { ...onCollection, parameters: inPath };
    if (Object.keys(onObject).length === 0) continue;
    paths[`${collection}/{name}`] = { ...onObject, parameters: [pathParameter('name'), ...inPath] };
  }
  return paths;
}

function pathParameter(name: string): JsonObject {
  return { name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } };
}

function operation(
  kind: Kind,
  action: string,
  body: JsonObject | undefined,
  answer: JsonObject,
  parameters: readonly object[],
  bodyTypes: readonly string[] = ['*/*'],
): JsonObject {
  const content = (types: readonly string[], schema: JsonObject) =>
    Object.fromEntries(types.map((type) => [type, { schema }]));
  return {
    operationId: `${action}${kind.group || 'Core'}${kind.version}${kind.kind}`.replace(/[^A-Za-z0-9]/g, ''),
    parameters,
    ...(body ? { requestBody: { content: content(bodyTypes, body), required: true } } : {}),
    responses: { 200: { description: 'OK', content: content(mediaTypes, answer) } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': groupVersionKind(kind),
  };
}
