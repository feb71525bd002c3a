import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInKinds } from '../kinds/built-in.ts';
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { serverSideApply, trackUpdate } from './apply.ts';
import { FieldSet } from './field-set.ts';
import { readManagers } from './managed-fields.ts';
import { compare, fieldsOf, mergeTyped } from './typed-operations.ts';

const schema: Schema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        finalizers: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      },
    },
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        note: { type: 'string' },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            properties: { name: { type: 'string' }, weight: { type: 'integer' }, color: { type: 'string' } },
          },
        },
        whole: { type: 'array', items: { type: 'string' } },
        pair: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: { type: 'string' } } },
      },
    },
    status: { type: 'object', properties: { size: { type: 'integer' } } },
  },
};

const time = new Date('2026-01-01T00:00:00Z');
const object = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'x/v1',
  kind: 'X',
  metadata: { name: 'a', ...metadata },
  spec,
});

function apply(live: JsonObject | undefined, spec: JsonObject, manager: string, force = false, at = time) {
  return serverSideApply({ live, patch: object(spec), schema, manager, force, apiVersion: 'x/v1', time: at });
}

function applied(...parameters: Parameters<typeof apply>): JsonObject {
  const result = apply(...parameters);
  if (!('object' in result)) throw new Error(JSON.stringify(result));
  return result.object;
}

const managers = (of: JsonObject) =>
  (of['metadata'] as { managedFields: { manager: string; operation: string; fieldsV1: unknown }[] }).managedFields.map(
    ({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1],
  );

describe('server-side apply', () => {
  it('creates, and owns what it says and nothing else', () => {
    const made = applied(undefined, { size: 1, parts: [{ name: 'x', weight: 2 }] }, 'one');
    expect(made['spec']).toEqual({ size: 1, parts: [{ name: 'x', weight: 2 }] });
    expect(managers(made)).toEqual([
      [
        'one',
        'Apply',
        { 'f:spec': { 'f:parts': { 'k:{"name":"x"}': { '.': {}, 'f:name': {}, 'f:weight': {} } }, 'f:size': {} } },
      ],
    ]);
  });

  it('merges items of a list map, and lets two managers share a field they agree on', () => {
    const first = applied(undefined, { size: 1, parts: [{ name: 'x', weight: 2 }] }, 'one');
    const second = applied(first, { size: 1, parts: [{ name: 'y' }, { name: 'x', color: 'red' }] }, 'two');
    expect(second['spec']).toEqual({ size: 1, parts: [{ name: 'y' }, { name: 'x', weight: 2, color: 'red' }] });
    expect(managers(second).map(([name]) => name)).toEqual(['one', 'two']);
  });

  it('refuses to take a field over, in the words of the real server', () => {
    const first = applied(undefined, { size: 1, parts: [{ name: 'x', weight: 2 }] }, 'one');
    expect(apply(first, { size: 2, parts: [{ name: 'x', weight: 3 }] }, 'two')).toEqual({
      conflicts: [
        { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.size' },
        { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.parts[name="x"].weight' },
      ],
    });
  });

  it('names the version a field was updated with', () => {
    const made = trackUpdate({
      before: undefined,
      after: object({ size: 1 }),
      manager: 'edit',
      apiVersion: 'x/v1',
      schema,
      time,
    });
    expect(apply(made, { size: 2 }, 'two')).toMatchObject({
      conflicts: [{ message: 'conflict with "edit" using x/v1' }],
    });
  });

  it('takes over by force', () => {
    const taken = applied(applied(undefined, { size: 1, note: 'n' }, 'one'), { size: 2 }, 'two', true);
    expect(taken['spec']).toEqual({ size: 2, note: 'n' });
    expect(managers(taken)).toEqual([
      ['one', 'Apply', { 'f:spec': { 'f:note': {} } }],
      ['two', 'Apply', { 'f:spec': { 'f:size': {} } }],
    ]);
  });

  it('removes what it no longer says, unless another says it', () => {
    const both = applied(
      applied(undefined, { size: 1, note: 'n', parts: [{ name: 'x' }] }, 'one'),
      { note: 'n' },
      'two',
    );
    expect(applied(both, { size: 1 }, 'one')['spec']).toEqual({ size: 1, note: 'n' });
  });

  it('replaces atomic lists and maps whole', () => {
    const made = applied(undefined, { whole: ['a', 'b'], pair: { a: '1' } }, 'one');
    const next = applied(made, { whole: ['c'], pair: { a: '2' } }, 'one');
    expect(next['spec']).toEqual({ whole: ['c'], pair: { a: '2' } });
    expect(apply(next, { whole: ['d'] }, 'two')).toMatchObject({ conflicts: [{ field: '.spec.whole' }] });
  });

  it('leaves the time alone when nothing changes', () => {
    const made = applied(undefined, { size: 1 }, 'one');
    expect(applied(made, { size: 1 }, 'one', false, new Date('2027-01-01T00:00:00Z'))).toEqual(made);
  });

  it('does not claim the status but through the subresource', () => {
    const patch = { ...object({ size: 1 }), status: { size: 5 } };
    const options = { schema, manager: 'm', force: false, apiVersion: 'x/v1', time };
    const main = serverSideApply({ live: undefined, patch, ...options });
    expect(JSON.stringify(main)).not.toContain('f:status');
    const status = serverSideApply({ live: object({ size: 1 }), patch, subresource: 'status', ...options });
    expect(JSON.stringify(status)).toContain('f:status');
  });

  it('lets kubectl move on from client-side apply', () => {
    const configuration = object({ size: 1 });
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(configuration) };
    const live = trackUpdate({
      before: undefined,
      after: object({ size: 1 }, { annotations }),
      manager: 'kubectl-client-side-apply',
      apiVersion: 'x/v1',
      schema,
      time,
    });
    expect(apply(live, { size: 2 }, 'kubectl')).toHaveProperty('object');
    expect(apply(live, { size: 2 }, 'other')).toHaveProperty('conflicts');
  });
});

describe('tracking updates', () => {
  it('gives what changed to who changed it', () => {
    const first = trackUpdate({
      before: undefined,
      after: object({ size: 1, note: 'n' }),
      manager: 'one',
      apiVersion: 'x/v1',
      schema,
      time,
    });
    const second = trackUpdate({
      before: first,
      after: object({ size: 2, note: 'n' }),
      manager: 'two',
      apiVersion: 'x/v1',
      schema,
      time,
    });
    expect(managers(second)).toEqual([
      ['one', 'Update', { 'f:spec': { '.': {}, 'f:note': {} } }],
      ['two', 'Update', { 'f:spec': { 'f:size': {} } }],
    ]);
    const third = trackUpdate({
      before: second,
      after: object({ size: 2 }),
      manager: 'two',
      apiVersion: 'x/v1',
      schema,
      time,
    });
    expect(JSON.stringify(managers(third))).not.toContain('f:note');
  });

  it('keeps at most ten updaters apart', () => {
    let live: JsonObject | undefined;
    for (let index = 0; index < 15; index++) {
      const parts = Array.from({ length: index + 1 }, (_, at) => ({ name: `n${at}` }));
      live = trackUpdate({
        before: live,
        after: { ...object({ parts }), metadata: { ...(live?.['metadata'] as JsonObject), name: 'a' } },
        manager: `m${index}`,
        apiVersion: 'x/v1',
        schema,
        time: new Date(time.getTime() + index * 1000),
      });
    }
    const names = managers(live!).map(([name]) => name);
    expect(names).toHaveLength(10);
    expect(names).toContain('ancient-changes');
  });
});

const parts = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('x', 'y', 'z', 'w'), weight: fc.nat(3) }, { requiredKeys: ['name'] }),
  { selector: ({ name }) => name },
);
const specs = fc.record(
  {
    size: fc.nat(2),
    note: fc.constantFrom('m', 'n'),
    parts,
    whole: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

describe('laws of apply', () => {
  it('applying twice is applying once', () => {
    fc.assert(
      fc.property(specs, specs, (before, spec) => {
        const live = applied(undefined, before, 'one');
        const once = applied(live, spec, 'two', true);
        expect(applied(once, spec, 'two', true)).toEqual(once);
      }),
    );
  });

  it('what was applied is there afterwards, and owned', () => {
    fc.assert(
      fc.property(specs, specs, (before, spec) => {
        const result = applied(applied(undefined, before, 'one'), spec, 'two', true);
        const claimed = fieldsOf(object(spec)['spec'], schema.properties?.['spec']);
        const owned = readManagers(result).get(JSON.stringify(['two', 'Apply', '', '']));
        const ownedSpec = owned?.fields.children.get('f:spec') ?? new FieldSet();
        expect(claimed.subtract(ownedSpec).isEmpty).toBe(true);
        const merged = mergeTyped(result['spec'], spec, schema.properties?.['spec']);
        expect(merged).toEqual(result['spec']);
      }),
    );
  });

  it('a manager that applies nothing leaves what the others applied', () => {
    fc.assert(
      fc.property(specs, specs, (before, spec) => {
        // An empty list is nobody's: it goes with the last item another put into it.
        fc.pre(before.parts?.length !== 0);
        const live = applied(undefined, before, 'one');
        const both = apply(live, spec, 'two');
        if (!('object' in both)) return;
        const gone = applied(both.object, {}, 'two');
        const change = compare(live['spec'], gone['spec'], schema.properties?.['spec']);
        expect(change.modified.isEmpty && change.removed.isEmpty).toBe(true);
      }),
    );
  });

  it('fieldsV1 says the same set again', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const set = fieldsOf(object(spec), schema);
        expect(FieldSet.fromFieldsV1(set.toFieldsV1())?.equals(set)).toBe(true);
      }),
    );
  });

  it('set algebra holds', () => {
    fc.assert(
      fc.property(specs, specs, (first, second) => {
        const a = fieldsOf(object(first), schema);
        const b = fieldsOf(object(second), schema);
        expect(a.subtract(b).union(a.intersect(b)).equals(a)).toBe(true);
        expect(a.subtract(a).isEmpty).toBe(true);
        expect(a.union(b).equals(b.union(a))).toBe(true);
      }),
    );
  });

  it('never throws, whatever is live and whatever is applied', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter(isObject) as fc.Arbitrary<JsonObject>;
    const kinds = fc.constantFrom(...builtInKinds.map((kind) => kind.schema), schema);
    fc.assert(
      fc.property(json, json, kinds, (live, patch, kindSchema) => {
        serverSideApply({ live, patch, schema: kindSchema, manager: 'm', force: true, apiVersion: 'x/v1', time });
        trackUpdate({ before: live, after: patch, schema: kindSchema, manager: 'm', apiVersion: 'x/v1', time });
      }),
      { numRuns: 3000 },
    );
  });
});
