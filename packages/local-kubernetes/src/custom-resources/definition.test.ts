import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import { strategyFor } from '../validation/strategies.ts';
import { kindNamed } from '../validation/through-strategy.fixture.ts';
import { compileCustomResource } from './compile.ts';
import { validateCustomResourceDefinition } from './definition-rules.ts';
import { parseJsonPath } from './json-path.ts';

const definition = (schema: JsonObject, version: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
    ...spec,
  },
});
const spec = (properties: JsonObject, more: JsonObject = {}) => ({
  type: 'object',
  properties: { spec: { type: 'object', properties, ...more } },
});
const errors = (crd: JsonObject) => validateCustomResourceDefinition(crd).map(fieldErrorText);
const at = 'spec.validation.openAPIV3Schema.properties[spec]';

describe('definitions that are refused', () => {
  it.each<[string, JsonObject, string]>([
    [
      'no type',
      spec({ a: {} }),
      `${at}.properties[a].type: Required value: must not be empty for specified object fields`,
    ],
    ['no items', spec({ a: { type: 'array' } }), `${at}.properties[a].items: Required value: must be specified`],
    [
      'an unknown type',
      spec({ a: { type: 'x' } }),
      `${at}.properties[a].type: Unsupported value: "x": supported values: "array", "boolean", "integer", "number", "object", "string"`,
    ],
    [
      'unique items',
      spec({ a: { type: 'array', uniqueItems: true, items: { type: 'string' } } }),
      `${at}.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
    [
      'a reference',
      spec({ a: { type: 'string', $ref: '#' } }),
      `${at}.properties[a].$ref: Forbidden: $ref is not supported`,
    ],
    [
      'properties and additional ones',
      spec({ a: { type: 'object', properties: {}, additionalProperties: { type: 'string' } } }),
      `${at}.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
    ],
    [
      'a list map without keys',
      spec({ a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } }),
      `${at}.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
    [
      'a type within oneOf',
      spec({ a: { type: 'string', oneOf: [{ type: 'string' }] } }),
      `${at}.properties[a].oneOf[0].type: Forbidden: must be empty to be structural`,
    ],
    [
      'a default of another type',
      spec({ a: { type: 'integer', default: 'x' } }),
      `${at}.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`,
    ],
    [
      'a pattern that is none',
      spec({ a: { type: 'string', pattern: '(' } }),
      `${at}.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): \`(\``,
    ],
    [
      'metadata beyond names',
      { type: 'object', properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
      'spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ])('%s', (_name, schema, wanted) => expect(errors(definition(schema))).toEqual([wanted]));

  it('a rule about a field that is not there', () => {
    const schema = spec({ a: { type: 'string' } }, { 'x-kubernetes-validations': [{ rule: 'self.b == 1' }] });
    expect(errors(definition(schema))[0]).toContain(
      "ERROR: <input>:1:5: undefined field 'b'\n | self.b == 1\n | ....^",
    );
  });

  it('a path to a selector that is no path at all', () => {
    const scale = { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a', labelSelectorPath: '/' };
    const found = errors(definition(spec({}), { subresources: { scale } }));
    expect(found).toEqual([
      'spec.subresources.scale.labelSelectorPath: Invalid value: "/": must be a simple json path starting with .',
    ]);
  });

  it('of a format that nobody knows, however it is written, is warned', () => {
    const crd = definition(spec({ a: { type: 'string', format: 'x\t' } }));
    expect(strategyFor(kindNamed('CustomResourceDefinition')).warnings(crd)).toEqual(['unrecognized format "x\\t"']);
  });

  it('a version without a name, once', () => {
    const names = validateCustomResourceDefinition(definition(spec({}), { name: '' })).map(({ field }) => field);
    expect(names).not.toContain('spec.version');
    expect(names).toContain('spec.versions[0].name');
  });

  it.each<[string, JsonObject, string]>([
    [
      'two storage versions',
      {
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: spec({}) } },
          { name: 'v2', served: true, storage: true, schema: { openAPIV3Schema: spec({}) } },
        ],
      },
      'must have exactly one version marked as storage version',
    ],
    [
      'two versions of the same name, each with a schema of its own',
      {
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: spec({}) } },
          { name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
      '"Schema":{"OpenAPIV3Schema":{"ID":"","Schema":"","Ref":null,"Description":"","Type":"object"',
    ],
    [
      'a group without a dot',
      { group: 'x' },
      'spec.group: Invalid value: "x": should be a domain with at least one dot',
    ],
    ['a scope', { scope: 'Some' }, 'spec.scope: Unsupported value: "Some": supported values: "Cluster", "Namespaced"'],
    [
      'kind and list kind the same',
      { names: { plural: 'widgets', kind: 'Widget', listKind: 'Widget' } },
      'spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same',
    ],
    [
      'conversion by webhook, by name',
      {
        conversion: {
          strategy: 'Webhook',
          webhook: { clientConfig: { url: 'https://a.b' }, conversionReviewVersions: ['v1'] },
        },
      },
      'conversion by webhook is not part of local-kubernetes',
    ],
  ])('%s', (_name, more, wanted) => expect(errors(definition(spec({}), {}, more)).join('\n')).toContain(wanted));
});

describe('a compiled definition', () => {
  const crd = definition(
    spec({ size: { type: 'integer', minimum: 1 }, mode: { type: 'string', default: 'A' } }, { required: ['size'] }),
    {
      subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
      additionalPrinterColumns: [
        { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
        { name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status", priority: 1 },
        { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      ],
    },
  );
  const [kind] = compileCustomResource(crd);
  const strategy = strategyFor(kind!);
  const widget = (value: JsonObject, more: JsonObject = {}) => ({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'd' },
    spec: value,
    ...more,
  });

  it('is a kind', () => {
    expect(errors(crd)).toEqual([]);
    expect(kind).toMatchObject({
      kind: 'Widget',
      listKind: 'WidgetList',
      singular: 'widget',
      namespaced: true,
      builtIn: false,
    });
    expect(kind!.subresources).toEqual({
      status: true,
      scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
    });
  });

  it('prunes, defaults and validates', () => {
    const { object, unknownFields } = strategy.decode(widget({ size: 1, x: 1 }, { y: 1 }));
    strategy.applyDefaults(object);
    strategy.prepareForCreate(object);
    expect(unknownFields).toEqual(['unknown field "spec.x"', 'unknown field "y"']);
    expect(object).toEqual(widget({ size: 1, mode: 'A' }, { metadata: { name: 'w', namespace: 'd', generation: 1 } }));
    expect(strategy.validateCreate(object)).toEqual([]);
    expect(strategy.validateCreate(widget({ size: 0 })).map(fieldErrorText)).toEqual([
      'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
    ]);
  });

  it('refuses metadata of a wrong type as Go does', () => {
    expect(strategy.decode({ ...widget({ size: 1 }), metadata: { labels: { a: 1 } } }).error).toBe(
      'Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    );
  });

  it('counts generations of all but metadata and status', () => {
    const old = widget({ size: 1 }, { metadata: { name: 'w', generation: 4 }, status: { size: 1 } });
    const next = widget({ size: 2 }, { status: { size: 9 } });
    strategy.prepareForUpdate(next, old);
    expect(next).toMatchObject({ metadata: { generation: 5 }, status: { size: 1 } });
    const status = widget({ size: 7 }, { status: { size: 9 } });
    strategy.prepareForUpdate(status, old, 'status');
    expect(status).toMatchObject({ metadata: { generation: 4 }, spec: { size: 1 }, status: { size: 9 } });
  });

  it('fills its columns', () => {
    const now = new Date('2026-01-01T00:05:00Z');
    const object = widget(
      { size: 3 },
      {
        metadata: { name: 'w', creationTimestamp: '2026-01-01T00:00:00Z' },
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      },
    );
    expect(kind!.columns.map((column) => column.cell(object, now))).toEqual(['w', 3, 'True', '5m']);
    expect(kind!.columns.map((column) => column.cell({}, now))).toEqual(['', null, null, null]);
  });
});

describe('JSONPath', () => {
  const value = {
    a: {
      b: [
        { n: 1, t: 'x' },
        { n: 2, t: 'y' },
      ],
      'c.d': 5,
    },
  };
  it.each<[string, unknown[]]>([
    ['.a.b[0].n', [1]],
    ['.a.b[-1].n', [2]],
    ['.a.b[*].n', [1, 2]],
    ['.a.b[0:1].t', ['x']],
    [".a['c.d']", [5]],
    ['.a.c\\.d', [5]],
    [".a.b[?(@.t=='y')].n", [2]],
    ['.a.b[?(@.n>1)].t', ['y']],
    ['..n', [1, 2]],
    ['.x.y', []],
  ])('%s', (path, wanted) => expect(parseJsonPath(path)(value)).toEqual(wanted));

  it('throws a SyntaxError or nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('.', '[', ']', 'a', "'", '?', '(', ')', '@', '*', '1', ':', '\\', '=') }),
        (path) => {
          try {
            parseJsonPath(path)(value);
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});
