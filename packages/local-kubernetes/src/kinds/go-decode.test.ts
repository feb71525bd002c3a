import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInKinds } from './built-in.ts';
import { goDecode } from './go-decode.ts';
import { structOf } from './kind-schema.ts';
import { type FieldType, structKeys, structType } from './notation.ts';
import { decodeSchemaUnion } from './schema-unions.ts';

const pod = (spec: unknown, metadata: unknown = { name: 'a' }) => goDecode({ metadata, spec }, 'core.Pod');

describe('the type tables', () => {
  it('can all be read, and refer to nothing that is missing', () => {
    const visit = (key: string): void => {
      for (const { type } of structType(key).fields) {
        for (let inner: FieldType | undefined = type; inner; inner = inner.of) {
          if (inner.struct && !decodeSchemaUnion.handles(inner.struct)) structType(inner.struct);
        }
      }
    };
    for (const key of structKeys()) visit(key);
    expect(structKeys().length).toBeGreaterThan(250);
  });

  it('give every field of a struct its own protobuf number', () => {
    for (const key of structKeys()) {
      const seen = new Set<string>();
      for (const { embedded, protobuf } of structType(key).fields) {
        if (protobuf === 0) continue;
        const path = [...embedded.map((each) => each.protobuf), protobuf].join('.');
        expect(seen.has(path), `${key} ${path}`).toBe(false);
        seen.add(path);
      }
    }
  });
});

describe('reading JSON as Go does', () => {
  it.each<[string, unknown, string]>([
    [
      'a list of another type',
      { containers: 'x' },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'a number that is a text',
      { containers: [{ ports: [{ containerPort: '80' }] }] },
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      'a fraction',
      { containers: [{ ports: [{ containerPort: 1.5 }] }] },
      'json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      'a number too large',
      { priority: 99_999_999_999 },
      'json: cannot unmarshal number 99999999999 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      'a port that is neither',
      { containers: [{ livenessProbe: { httpGet: { port: true } } }] },
      'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    ],
    [
      'a quantity',
      { containers: [{ resources: { limits: { cpu: 'abc' } } }] },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('%s', (_name, spec, error) => expect(pod(spec).error).toBe(error));

  it('lets a sentence of its own unmarshalers win over earlier ones', () => {
    const { error } = pod(1, { name: 'a', creationTimestamp: 'x' });
    expect(error).toBe('parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"');
  });

  it('drops and names what it does not know', () => {
    const { unknown, value } = pod({ x: 1, containers: [{ name: 'a', foo: 1 }] }, { name: 'a', Labels: {} });
    expect(unknown).toEqual(['metadata.Labels', 'spec.x', 'spec.containers[0].foo']);
    expect(value['spec']).toEqual({ containers: [{ name: 'a', resources: {} }] });
  });

  it('writes values in their normal form', () => {
    const { value } = pod(
      {
        containers: [{ name: 'a', env: [], command: null, resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }],
        hostNetwork: false,
      },
      { name: 'a', creationTimestamp: '2026-01-02T03:04:05.678+01:00', labels: {} },
    );
    expect(value).toEqual({
      metadata: { name: 'a', creationTimestamp: '2026-01-02T02:04:05Z' },
      spec: { containers: [{ name: 'a', resources: { limits: { cpu: '500m', memory: '1Gi' } } }] },
      status: {},
    });
  });

  it('is settled after once, for any JSON given to any kind', () => {
    const kinds = fc.constantFrom(...builtInKinds);
    const json = fc.dictionary(
      fc.constantFrom('metadata', 'spec', 'status', 'data', 'rules', 'x'),
      fc.jsonValue({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(kinds, json, (kind, raw) => {
        const struct = structOf(kind.schema)!;
        const { value, error } = goDecode(raw, struct);
        if (error !== undefined) return;
        const again = goDecode(value, struct);
        expect(again.value).toEqual(value);
        expect(again.unknown).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

it('reads a null in a list of anything', () => {
  const { value, error } = goDecode({ enum: ['a', null] }, 'apiextensions.JSONSchemaProps');
  expect([value, error]).toEqual([expect.objectContaining({ enum: ['a', null] }), undefined]);
});
