import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject, type Schema } from '../schema/schema.ts';
import { serverSideApply, trackUpdate } from './apply.ts';
import { managerKey, readManagers, sentManagers } from './managed-fields.ts';
import type { ObjectVersion } from './versions.ts';

/** Two versions of a kind: what is `spec.size` in one is `spec.count` in the other, which also knows no note. */
const layout = (names: readonly string[]): Schema => ({
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object', properties: { name: { type: 'string' } } },
    spec: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, {}])) },
    status: { type: 'object', properties: { ready: { type: 'boolean' } } },
  },
});
const first = layout(['size', 'note']);
const second = layout(['count']);
const renamed = (object: JsonObject, from: string, to: string, apiVersion: string): JsonObject => {
  const spec = isObject(object['spec']) ? object['spec'] : {};
  const { [from]: value, note: _note, ...rest } = spec;
  return { ...object, apiVersion, spec: { ...rest, ...(value === undefined ? {} : { [to]: value }) } };
};
const other: ObjectVersion = {
  schema: second,
  resets: true,
  from: (object) => renamed(object, 'size', 'count', 'x/v2'),
  back: (object) => renamed(object, 'count', 'size', 'x/v1'),
};
const versionOf = (apiVersion: string) =>
  apiVersion === 'x/v2' ? other : apiVersion === 'x/broken' ? 'it is broken' : undefined;
const options = { schema: first, apiVersion: 'x/v1', manager: 'me', time: new Date('2026-01-01T00:00:00Z'), versionOf };

const held = (manager: string, apiVersion: string, fields: readonly string[], operation = 'Update') => ({
  manager,
  operation,
  apiVersion,
  fieldsType: 'FieldsV1',
  fieldsV1: Object.fromEntries(
    fields.map((path) => {
      const [part = '', name = ''] = path.split('.');
      return [`f:${part}`, { [`f:${name}`]: {} }];
    }),
  ),
});
const object = (spec: JsonObject, managedFields?: readonly unknown[], status?: JsonObject): JsonObject => ({
  apiVersion: 'x/v1',
  kind: 'X',
  metadata: { name: 'a', ...(managedFields ? { managedFields } : {}) },
  spec,
  ...(status ? { status } : {}),
});
/** `one x/v2 spec.count` for each field that is held, sorted. */
const holders = (of: unknown) =>
  [...readManagers(of).values()]
    .flatMap(({ name, apiVersion, fields }) =>
      fields.paths().map((path) => `${name} ${apiVersion} ${path.map((step) => step.slice(2)).join('.')}`),
    )
    .sort();
const update = (before: JsonObject, after: JsonObject) => holders(trackUpdate({ ...options, before, after }));
const apply = (live: JsonObject, spec: JsonObject, force = false) =>
  serverSideApply({ ...options, live, patch: object(spec), force });

describe('managers who wrote in another version', () => {
  const live = object({ size: 1 }, [held('one', 'x/v2', ['spec.count']), held('two', 'x/v9', ['spec.size'])]);

  it('lose what another changes under its name there', () => {
    expect(update(live, object({ size: 2 }))).toEqual(['me x/v1 spec.size']);
    expect(update(live, object({ size: 1, note: 'n' }))).toEqual(['me x/v1 spec.note', 'one x/v2 spec.count']);
  });

  it('are in conflict over it, by its name there', () => {
    expect(apply(live, { size: 2 })).toEqual({
      conflicts: [{ reason: 'FieldManagerConflict', message: 'conflict with "one" using x/v2', field: '.spec.count' }],
    });
  });

  it.each<[what: string, resets: boolean, left: string[]]>([
    ['keep a status that is not taken', true, ['me x/v1 spec.size', 'one x/v2 status.ready']],
    ['lose it where only one’s own version leaves it out', false, ['me x/v1 spec.size']],
  ])('%s', (_, resets, left) => {
    const before = object({ size: 1 }, [held('one', 'x/v2', ['status.ready'])], { ready: true });
    const after = object({ size: 2 }, undefined, { ready: false });
    const all = { ...options, versionOf: () => ({ ...other, resets }) };
    expect(holders(trackUpdate({ ...all, before, after }))).toEqual(left);
  });

  it('are all forgotten by a change, and forbid to apply, where one of them cannot be asked', () => {
    const broken = object({ size: 1 }, [held('one', 'x/v2', ['spec.count']), held('two', 'x/broken', ['spec.size'])]);
    expect(update(broken, object({ size: 2 }))).toEqual([]);
    expect(apply(broken, { size: 1 })).toEqual({ problem: 'it is broken' });
  });
});

describe('what an applier gave up since it applied in another version', () => {
  const applied = (others: readonly unknown[] = []) =>
    object({ size: 1 }, [held('me', 'x/v2', ['spec.count'], 'Apply'), ...others]);

  it.each<[what: string, live: JsonObject, spec: JsonObject]>([
    ['goes', applied(), {}],
    ['stays where another holds it', applied([held('one', 'x/v1', ['spec.size'])]), { size: 1 }],
    ['stays where another of that version holds it', applied([held('one', 'x/v2', ['spec.count'])]), { size: 1 }],
    ['goes where he who held it is forgotten', applied([held('one', 'x/v9', ['spec.count'])]), {}],
    ['stays where the applier of a version that is forgotten gave it up', forgotten(), { size: 1 }],
  ])('%s', (_, live, spec) => {
    const result = apply(live, {});
    expect('object' in result && (result.object['spec'] ?? {})).toEqual(spec);
  });

  function forgotten(): JsonObject {
    return object({ size: 1 }, [held('me', 'x/v9', ['spec.count'], 'Apply'), held('one', 'x/v1', ['spec.other'])]);
  }
});

describe('managers that a client names', () => {
  const known = held('one', 'x/v1', ['spec.size']);
  it.each<[what: string, managedFields: unknown, names: string[] | undefined]>([
    ['nothing', undefined, undefined],
    ['an empty list', [], []],
    ['an empty one', [{}], []],
    ['one of empty texts', [{ manager: '', apiVersion: '', fieldsV1: null }], []],
    ['two empty ones', [{}, {}], undefined],
    ['one', [known], ['one']],
    ['one without fields', [{ ...known, fieldsV1: undefined }], ['one']],
    ['an operation that is none', [{ ...known, operation: 'Odd' }], undefined],
    ['no version', [{ ...known, apiVersion: '' }], undefined],
    ['no type of fields', [{ ...known, fieldsType: undefined }], undefined],
    ['another type of fields', [{ ...known, fieldsType: 'FieldsV2' }], undefined],
    ['one beside another that cannot be read', [known, { ...known, fieldsV1: { spec: {} } }], undefined],
    ['a step that is too short', [{ ...known, fieldsV1: { f: {} } }], undefined],
    ['a step of another sort', [{ ...known, fieldsV1: { 'z:spec': 1 } }], ['one']],
    ['a number below a step', [{ ...known, fieldsV1: { 'f:spec': 1 } }], undefined],
    ['a list of fields', [{ ...known, fieldsV1: [] }], undefined],
    ['a key', [{ ...known, fieldsV1: { 'k:{"a":1}': { '.': {} }, 'v:"b"': {}, 'i:2': {} } }], ['one']],
    ['a key that is no JSON', [{ ...known, fieldsV1: { 'k:a': {} } }], undefined],
    ['a key that is no object', [{ ...known, fieldsV1: { 'k:1': {} } }], undefined],
    ['a value that is no JSON', [{ ...known, fieldsV1: { 'v:a': {} } }], undefined],
    ['an index that is no number', [{ ...known, fieldsV1: { 'i:a': {} } }], undefined],
  ])('%s', (_, managedFields, names) => {
    const sent = sentManagers({ metadata: managedFields === undefined ? {} : { managedFields } });
    expect(sent && [...sent.values()].map(({ name }) => name)).toEqual(names);
  });

  it('are one where an applier comes back in another version, and two for updates', () => {
    const key = (operation: 'Apply' | 'Update', apiVersion: string) =>
      managerKey({ name: 'a', operation, apiVersion, subresource: '' });
    expect(key('Apply', 'x/v1')).toBe(key('Apply', 'x/v2'));
    expect(key('Update', 'x/v1')).not.toBe(key('Update', 'x/v2'));
  });
});
