import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../client/status-error.ts';
import { builtInKinds } from '../kinds/built-in.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMergePatch } from './strategic-merge.ts';

describe('JSON merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, wanted) => expect(mergePatch(target, patch)).toEqual(wanted));

  it('cannot reach a prototype', () => {
    mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('JSON patch', () => {
  it('adds, removes, replaces, moves, copies and tests', () => {
    const patch = [
      { op: 'test', path: '/a', value: 1 },
      { op: 'add', path: '/b', value: [1] },
      { op: 'add', path: '/b/-', value: 2 },
      { op: 'move', from: '/a', path: '/c' },
      { op: 'copy', from: '/c', path: '/d' },
      { op: 'replace', path: '/e', value: 3 },
      { op: 'remove', path: '/c' },
    ];
    expect(jsonPatch({ a: 1 }, patch)).toEqual({ b: [1, 2], d: 1, e: 3 });
  });

  it.each([
    [{}, 400],
    [[{ op: 'test', path: '/a', value: 2 }], 422],
    [[{ op: 'remove', path: '/x' }], 422],
    [[{ op: 'jump', path: '/a' }], 422],
    [[{ op: 'add', path: '/__proto__/x', value: 1 }], 422],
  ])('%j is refused with %d', (patch, code) => {
    expect(() => jsonPatch({ a: 1 }, patch)).toThrow(expect.objectContaining({ code }));
  });
});

const podSchema = builtInKinds.find((kind) => kind.kind === 'Pod')!.schema;
const pod = (containers: object[], more: object = {}) => ({ metadata: { name: 'p' }, spec: { containers, ...more } });
const strategic = (object: unknown, patch: JsonObject) => strategicMergePatch(object, patch, podSchema);

describe('strategic merge patch', () => {
  it('merges lists by their key', () => {
    const object = pod([
      { name: 'a', image: '1' },
      { name: 'b', image: '1' },
    ]);
    expect(strategic(object, pod([{ name: 'b', image: '2' }, { name: 'c' }]))).toEqual(
      pod([{ name: 'a', image: '1' }, { name: 'b', image: '2' }, { name: 'c' }]),
    );
  });

  it('deletes an item by directive', () => {
    const object = pod([{ name: 'a' }, { name: 'b' }]);
    expect(strategic(object, pod([{ name: 'a', $patch: 'delete' }]))).toEqual(pod([{ name: 'b' }]));
  });

  it('replaces a list or a map by directive', () => {
    expect(strategic(pod([{ name: 'a' }]), pod([{ $patch: 'replace' }, { name: 'x' }]))).toEqual(pod([{ name: 'x' }]));
    const labels = { metadata: { labels: { a: '1' } } };
    expect(strategic(labels, { metadata: { labels: { $patch: 'replace', b: '2' } } })).toEqual({
      metadata: { labels: { b: '2' } },
    });
  });

  it('orders items as asked, and keeps the others in place', () => {
    const object = pod([{ name: 'a' }, { name: 'own' }, { name: 'b' }]);
    const patch = { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [] } };
    const { spec } = strategic(object, patch) as { spec: { containers: { name: string }[] } };
    const names = spec.containers.map(({ name }) => name);
    expect(names.indexOf('b')).toBeLessThan(names.indexOf('a'));
    expect([...names].sort()).toEqual(['a', 'b', 'own']);
  });

  it('takes an order without the list it is for, or for a list that is not there yet', () => {
    const object = pod([{ name: 'a' }, { name: 'b' }]);
    const order = [{ name: 'b' }, { name: 'a' }];
    const ordered = (containers: object) => ({ spec: { '$setElementOrder/containers': order, ...containers } });
    expect(strategic(object, ordered({}))).toEqual(pod([{ name: 'b' }, { name: 'a' }]));
    expect(strategic({ spec: {} }, ordered({ containers: order }))).toEqual({ spec: { containers: order } });
    expect(strategic({ spec: {} }, ordered({}))).toEqual({ spec: {} });
    expect(() => strategic({ spec: { containers: null } }, ordered({}))).toThrow(
      'expected a []interface {}, but received a <nil>',
    );
  });

  it('takes values out of a list of texts, and adds those that lack', () => {
    const object = { metadata: { finalizers: ['a/x', 'b/x'] } };
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a/x'], finalizers: ['c/x', 'b/x'] } };
    // What the patch names stands in the patch's order.
    expect(strategic(object, patch)).toEqual({ metadata: { finalizers: ['c/x', 'b/x'] } });
  });

  it('keeps only the members it is told to', () => {
    const volumes = [{ name: 'v', emptyDir: {} }];
    const patch = { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] } };
    expect(strategic({ spec: { volumes } }, patch)).toEqual({
      spec: { volumes: [{ name: 'v', hostPath: { path: '/x' } }] },
    });
  });

  it('refuses an item without its key, and an unknown directive', () => {
    expect(() => strategic(pod([]), pod([{ image: 'x' }]))).toThrow('does not contain declared merge key: name');
    expect(() => strategic({ metadata: {} }, { metadata: { $patch: 'jump' } })).toThrow(
      'unknown patch type: jump in map',
    );
  });

  it('an empty patch changes nothing, and a patch is not changed by being applied', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }).filter(isObject), (object) => {
        const copy = structuredClone(object);
        expect(strategic(object, {})).toEqual(object);
        expect(object).toEqual(copy);
      }),
    );
  });

  it('throws nothing but refusals', () => {
    const json = fc.jsonValue({ maxDepth: 2 }).filter(isObject);
    const names = fc.constantFrom(
      'metadata',
      'spec',
      'containers',
      'labels',
      '$patch',
      '$retainKeys',
      'name',
      '$setElementOrder/containers',
    );
    const odd = fc.dictionary(
      names,
      fc.oneof(json, fc.array(json, { maxLength: 3 }), fc.constantFrom('delete', 'replace', null)),
      {
        maxKeys: 5,
      },
    );
    fc.assert(
      fc.property(odd, fc.dictionary(names, odd, { maxKeys: 5 }), (object, patch) => {
        try {
          strategic({ spec: object, metadata: object }, { spec: patch, metadata: patch });
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

// As kube-apiserver 1.35.4 does it.
it('takes members that are null out of what a merge patch brings in a list', () => {
  const patch = { list: [{ a: null, b: [{ c: null }, null] }], new: { d: null }, whole: [{ e: null }] };
  expect(mergePatch({ list: [], whole: {} }, patch)).toEqual({
    list: [{ b: [{}, null] }],
    new: {},
    whole: [{ e: null }],
  });
});
