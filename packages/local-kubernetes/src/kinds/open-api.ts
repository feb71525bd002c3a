/**
 * OpenAPI documents of the kinds served: version 3, one document a group version, and version 2 for older clients.
 * kubectl reads from them what `explain` prints and how `apply` merges.
 */
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { apiVersionOf, type Kind } from './kind.ts';
import { apiVersionSchema, kindNameSchema } from './kind-schema.ts';
import { definitionNameOf, structSchema } from './type-schema.ts';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

type Dialect = 'v2' | 'v3';

const info = { title: 'Kubernetes', version: 'v1.35.0' };

/** The document of one group version. */
export function openApiV3(groupVersion: GroupVersion, kinds: readonly Kind[]): object {
  const definitions = new Definitions('v3');
  const served = kinds.filter((kind) => kind.group === groupVersion.group && kind.version === groupVersion.version);
  const paths = pathsOf(served, definitions);
  return { openapi: '3.0.0', info, paths, components: { schemas: definitions.all() } };
}

/** One document of everything. */
export function openApiV2(kinds: readonly Kind[]): object {
  const definitions = new Definitions('v2');
  const paths = pathsOf(kinds, definitions);
  return { swagger: '2.0', info, paths, definitions: definitions.all() };
}

class Definitions {
  readonly #dialect: Dialect;
  readonly #schemas = new Map<string, JsonObject>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

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
      // A member's copy carries words of its own; the definition is what it was copied from.
      const parent = Object.getPrototypeOf(schema) as Schema;
      this.#schemas.set(name, this.#inPlace(parent === Object.prototype ? schema : parent));
    }
    return this.#reference(name);
  }

  #reference(name: string): JsonObject {
    return { $ref: this.#dialect === 'v3' ? `#/components/schemas/${name}` : `#/definitions/${name}` };
  }

  #inPlace(schema: Schema): JsonObject {
    const result: JsonObject = {};
    for (const key in schema) {
      const value = (schema as JsonObject)[key];
      if (value === undefined || (this.#dialect === 'v2' && droppedInV2.has(key))) continue;
      result[key] = this.#part(key, value);
    }
    // Who sends a number instead of a text is understood, too.
    if (this.#dialect === 'v3' && schema.format === 'quantity') {
      const { type: _type, format: _format, ...rest } = result;
      return { ...rest, oneOf: [{ type: 'string' }, { type: 'number' }] };
    }
    return this.#dialect === 'v3' && schema['x-kubernetes-int-or-string'] && schema.format === 'int-or-string'
      ? { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }
      : this.#dialect === 'v2' && schema['x-kubernetes-int-or-string']
        ? { ...result, type: 'string', format: 'int-or-string' }
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

  /** A member with words of its own beside the reference, as version 3 puts it. */
  #member(schema: Schema): JsonObject {
    const name = definitionNameOf(schema);
    if (!name) return this.#inPlace(schema);
    const reference = this.schema(schema);
    const own = Object.keys(schema).filter((key) => key !== 'properties' && key !== 'type' && key !== 'required');
    const isPlain = Object.getPrototypeOf(schema) === Object.prototype;
    if (isPlain || own.length === 0) return reference;
    const words: JsonObject = {};
    for (const key of own) words[key] = (schema as JsonObject)[key];
    return this.#dialect === 'v3' ? { ...words, allOf: [reference] } : { ...words, ...reference };
  }
}

/** Version 2 knows none of these; a validator would trip over them. */
const droppedInV2 = new Set(['nullable', 'anyOf', 'oneOf', 'not', 'x-kubernetes-validations']);

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
    paths[collection] = onCollection;
    if (Object.keys(onObject).length > 0) paths[`${collection}/{name}`] = onObject;
  }
  return paths;
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
