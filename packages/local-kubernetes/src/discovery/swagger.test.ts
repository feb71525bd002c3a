import { describe, expect, it } from 'vitest';
import { builtInKinds } from '../kinds/built-in.ts';
import { type OpenApiDocument, openApiV3 } from '../kinds/open-api.ts';
import { text, WireReader, WireType } from '../protobuf/wire.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { swaggerOf } from './swagger.ts';
import { swaggerProtobuf } from './swagger-protobuf.ts';

const documentOf = (schema: JsonObject, paths: JsonObject = {}): OpenApiDocument => ({
  openapi: '3.0.0',
  info: { title: 'Kubernetes', version: 'v1' },
  paths,
  components: { schemas: { 'com.example.Thing': schema } },
});
const converted = (schema: JsonObject) => swaggerOf([documentOf(schema)]).definitions['com.example.Thing'];

const groupVersions = new Set(builtInKinds.map(({ group, version }) => `${group}/${version}`));
const everything = swaggerOf(
  [...groupVersions].map((name) => {
    const [group = '', version = ''] = name.split('/');
    return openApiV3({ group, version }, builtInKinds);
  }),
);

const references = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  // A definition has a property of this name.
  const own = typeof value['$ref'] === 'string' ? [value['$ref']] : [];
  return [...own, ...Object.values(value).flatMap(references)];
};

describe('OpenAPI version 2', () => {
  it('refers to nothing that it does not define', () => {
    const defined = new Set(Object.keys(everything.definitions).map((name) => `#/definitions/${name}`));
    for (const reference of references(everything)) expect(defined).toContain(reference);
    expect(everything.definitions['io.k8s.api.core.v1.Pod']).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: '', kind: 'Pod', version: 'v1' }],
      properties: { spec: { $ref: '#/definitions/io.k8s.api.core.v1.PodSpec' } },
    });
  });

  it('names the types of a patch, and what it answers', () => {
    expect(everything.paths['/api/v1/namespaces/{namespace}/pods/{name}']).toMatchObject({
      parameters: [{ name: 'name', in: 'path', required: true, type: 'string' }, { name: 'namespace' }],
      patch: {
        consumes: expect.arrayContaining(['application/apply-patch+yaml']),
        parameters: [
          { name: 'body', in: 'body', required: true, schema: { type: 'object' } },
          { name: 'dryRun', in: 'query', type: 'string' },
          { name: 'fieldManager' },
          { name: 'fieldValidation' },
          { name: 'force', type: 'boolean' },
        ],
        responses: { 200: { description: 'OK', schema: { $ref: '#/definitions/io.k8s.api.core.v1.Pod' } } },
      },
    });
  });

  const ref = '#/components/schemas/com.example.Thing';
  it.each<[what: string, of: JsonObject, into: JsonObject]>([
    ['a default', { type: 'string', default: 'x' }, { type: 'string' }],
    [
      'words beside a reference',
      { description: 'd', allOf: [{ $ref: ref }] },
      { description: 'd', $ref: '#/definitions/com.example.Thing' },
    ],
    [
      'a number or a text of Kubernetes',
      { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
      { format: 'int-or-string', type: 'string' },
    ],
    [
      'a number or a text of others',
      { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }] },
      { 'x-kubernetes-int-or-string': true },
    ],
    [
      'rules that pick one of many',
      { type: 'object', oneOf: [{ required: ['a'] }], not: { required: ['b'] } },
      { type: 'object' },
    ],
    ['what may be null', { type: 'object', nullable: true, properties: { a: { type: 'string' } } }, {}],
    [
      'a member that may be null',
      {
        type: 'object',
        required: ['a', 'b'],
        properties: { a: { type: 'string', nullable: true }, b: { type: 'string' } },
      },
      { type: 'object', required: ['b'], properties: { a: {}, b: { type: 'string' } } },
    ],
    [
      'values that may be null',
      { type: 'object', required: ['a'], additionalProperties: { type: 'string', nullable: true } },
      { type: 'object', additionalProperties: {} },
    ],
    [
      'a part that may hold anything',
      { type: 'object', properties: { any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } },
      { type: 'object', properties: { any: { 'x-kubernetes-preserve-unknown-fields': true } } },
    ],
    [
      'a kind that may hold anything',
      { type: 'object', properties: { a: { type: 'string' } }, 'x-kubernetes-preserve-unknown-fields': true },
      { type: 'object' },
    ],
    ['a list of anything', { type: 'array', items: {} }, {}],
    ['an object without members', { type: 'object', properties: {} }, { type: 'object' }],
  ])('says of %s what it can', (_, of, into) => expect(converted(of)).toEqual(into));
});

/** The fields of a message: number and value of each. */
function fieldsOf(message: Uint8Array): [field: number, value: Uint8Array | bigint | number][] {
  const reader = new WireReader(message);
  const fields: [number, Uint8Array | bigint | number][] = [];
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    const value =
      type === WireType.Bytes ? reader.bytes() : type === WireType.Varint ? reader.varint() : reader.double();
    fields.push([field, value]);
  }
  return fields;
}

/** What stands at a path of field numbers, the first of each. */
function at(message: Uint8Array, ...path: number[]): Uint8Array | bigint | number | undefined {
  const [number, ...rest] = path;
  const value = fieldsOf(message).find(([field]) => field === number)?.[1];
  return rest.length > 0 && value instanceof Uint8Array ? at(value, ...rest) : value;
}

const textAt = (message: Uint8Array, ...path: number[]) => text(at(message, ...path) as Uint8Array);

describe('OpenAPI version 2 in protobuf', () => {
  const only = (schema: JsonObject, paths: JsonObject = {}) =>
    Uint8Array.from(swaggerProtobuf(swaggerOf([documentOf(schema, paths)])));

  it('holds every definition by its name', () => {
    const names = fieldsOf(at(Uint8Array.from(swaggerProtobuf(everything)), 9) as Uint8Array).map(([, named]) =>
      textAt(named as Uint8Array, 1),
    );
    expect(names).toEqual(Object.keys(everything.definitions));
  });

  it('writes schemas within schemas', () => {
    const document = only({
      type: 'object',
      description: 'd',
      required: ['list'],
      properties: { list: { type: 'array', minItems: 3, items: { type: 'number', maximum: 1.5, enum: ['a', 1] } } },
      additionalProperties: true,
      'x-kubernetes-map-type': 'atomic',
    });
    const thing = at(document, 9, 1, 2) as Uint8Array;
    expect(textAt(document, 9, 1, 1)).toBe('com.example.Thing');
    expect(textAt(thing, 4)).toBe('d');
    expect(textAt(thing, 19)).toBe('list');
    expect(at(thing, 21, 2)).toBe(1n);
    expect([textAt(thing, 31, 1), textAt(thing, 31, 2, 2)]).toEqual(['x-kubernetes-map-type', '"atomic"']);
    const list = at(thing, 25, 1, 2) as Uint8Array;
    expect([textAt(list, 22, 1), at(list, 15)]).toEqual(['array', 3n]);
    expect([textAt(list, 23, 1, 22, 1), at(list, 23, 1, 7), textAt(list, 23, 1, 20, 2)]).toEqual([
      'number',
      1.5,
      '"a"',
    ]);
  });

  it('tells parameters of a path, a query and a body apart', () => {
    const path = fieldsOf(at(Uint8Array.from(swaggerProtobuf(everything)), 8) as Uint8Array)
      .map(([, named]) => named as Uint8Array)
      .find((named) => textAt(named, 1) === '/api/v1/namespaces/{namespace}/pods/{name}')!;
    const patch = at(path, 2, 8) as Uint8Array;
    const parameters = fieldsOf(patch).flatMap(([field, value]) => (field === 8 ? [value as Uint8Array] : []));
    expect(textAt(path, 2, 9, 1, 2, 4, 4)).toBe('name');
    expect(textAt(parameters[0]!, 1, 1, 2)).toBe('body');
    expect(parameters.slice(1).map((each) => textAt(each, 1, 2, 3, 4))).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
    expect(textAt(patch, 9, 1, 1)).toBe('200');
    expect(textAt(patch, 9, 1, 2, 1, 2, 1, 1)).toBe('#/definitions/io.k8s.api.core.v1.Pod');
    expect(textAt(patch, 13, 1)).toBe('x-kubernetes-action');
  });
});
