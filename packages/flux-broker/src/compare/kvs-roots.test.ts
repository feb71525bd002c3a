// Random requests to the KVS of flux-core and to ours: equal answers, equal roots, equal errors.
import { connect, type Flux, FluxError, kvsCreateNamespace, kvsRemoveNamespace } from '@ebb/flux-client';
import { type TreeObject, valueObject } from '@ebb/flux-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { findRealFlux } from './real-flux.ts';
import { type RealInstance, startRealInstance } from './real-instance.ts';

const flux = findRealFlux();

const name = fc.constantFrom('a', 'b', 'c', '10', '9', 'ü', '😀', 'x y', '"');
// Links stand in places of their own: flux-core 0.88 dies of a commit through links that lead round in a circle.
const link = fc.constantFrom('link1', 'link2');
const plainKey = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'));
const key = fc.oneof(
  { weight: 6, arbitrary: plainKey },
  { weight: 2, arbitrary: fc.tuple(link, plainKey).map((parts) => parts.join('.')) },
  { weight: 1, arbitrary: link },
  { weight: 1, arbitrary: plainKey.map((text) => `.${text}..b.`) },
  { weight: 1, arbitrary: fc.constantFrom('.', '') },
);
const text = fc.oneof(
  fc.string({ maxLength: 8, unit: 'grapheme' }),
  fc.integer({ min: 50, max: 60 }).map((length) => 'x'.repeat(length)),
);
const value: fc.Arbitrary<TreeObject> = text.map((each) => valueObject(each));
const directory: fc.Arbitrary<TreeObject> = fc
  .dictionary(name, value, { maxKeys: 2 })
  .map((data) => ({ ver: 1, type: 'dir', data }));
const dirent: fc.Arbitrary<TreeObject | null> = fc.oneof(
  { weight: 6, arbitrary: value },
  { weight: 1, arbitrary: directory },
  { weight: 2, arbitrary: fc.constant(null) },
);
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ key, flags: fc.constant(0), dirent }) },
  { weight: 4, arbitrary: fc.record({ key, flags: fc.constant(32), dirent: fc.oneof(value, directory) }) },
  {
    weight: 1,
    arbitrary: fc
      .record({ key: link, target: plainKey })
      .map(({ key, target }) => ({ key, flags: 0, dirent: { ver: 1, type: 'symlink', data: { target } } as const })),
  },
);
const request = fc.oneof(
  { weight: 2, arbitrary: fc.record({ ops: fc.array(operation, { minLength: 0, maxLength: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ key, flags: fc.constantFrom(0, 1, 2, 16) }) },
);

let theirs: RealInstance | undefined;
let ours: Instance | undefined;
let handles: Flux[] = [];

async function answer(handle: Flux, topic: string, payload: object): Promise<unknown> {
  try {
    return await handle.rpc(topic, payload);
  } catch (error) {
    if (error instanceof FluxError) return error.code;
    throw error;
  }
}

describe.skipIf(flux === undefined)('the KVS', () => {
  beforeAll(async () => {
    theirs = await startRealInstance(flux!, 1);
    ours = startInstance({ size: 1, socketRanks: [0] });
    await ours.ready();
    handles = await Promise.all([theirs.uri, ours.uri(0)].map((uri) => connect(uri)));
  });

  afterAll(async () => {
    await Promise.all(handles.map((handle) => handle.close()));
    await ours?.stop();
    await theirs?.stop();
  });

  it('answers as that of flux-core', async () => {
    let round = 0;
    const property = fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (requests) => {
      const namespace = `round${round++}`;
      await Promise.all(handles.map((handle) => kvsCreateNamespace(handle, namespace)));
      for (const each of requests) {
        const topic = 'ops' in each ? 'kvs.commit' : 'kvs.lookup';
        const payload = { namespace, flags: 0, ...each };
        const [expected, found] = await Promise.all(handles.map((handle) => answer(handle, topic, payload)));
        expect(found, JSON.stringify(payload)).toEqual(expected);
      }
      await Promise.all(handles.map((handle) => kvsRemoveNamespace(handle, namespace)));
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
