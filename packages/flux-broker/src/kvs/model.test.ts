// Random commits and lookups against a model that copies the whole tree each time and hashes all of it.
import { type Flux, FluxError, type KvsRoot, kvsCreateNamespace, kvsRemoveNamespace } from '@ebb/flux-client';
import { blobrefOf, canonicalTreeText, type TreeObject, valueObject } from '@ebb/flux-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { modules } from '../modules.ts';
import { LookupFlag } from './lookup.ts';
import type { Operation } from './tree.ts';

type Node = { dir: Map<string, Node> } | { pieces: string[] } | { target: string; namespace?: string };

class Failure extends Error {}
const fail = (code: string): never => {
  throw new Failure(code);
};

/** One namespace: never changed in place. */
type State = { dir: Map<string, Node> };

function copy<N extends Node>(node: N): N {
  return 'dir' in node ? ({ dir: new Map([...node.dir].map(([name, each]) => [name, copy(each)])) } as N) : { ...node };
}

function commit(before: State, operations: readonly Operation[]): State {
  const state = copy(before);
  for (const operation of operations) change(state, operation.key.split('.'), operation);
  return state;
}

function change(root: State, path: string[], operation: Operation, links = 0): void {
  const { dirent, flags } = operation;
  let directory = root;
  for (const [index, name] of path.slice(0, -1).entries()) {
    const entry = directory.dir.get(name);
    if (entry && 'target' in entry) {
      if (entry.namespace !== undefined) fail('EINVAL');
      if (links >= 10) fail('ELOOP');
      change(root, [...entry.target.split('.'), ...path.slice(index + 1)], operation, links + 1);
      return;
    }
    if (entry && 'dir' in entry) directory = entry;
    else {
      if (dirent === null) return;
      const made: State = { dir: new Map() };
      directory.dir.set(name, made);
      directory = made;
    }
  }
  const name = path.at(-1)!;
  const before = directory.dir.get(name);
  if (dirent === null) directory.dir.delete(name);
  else if (flags === 0 || before === undefined) directory.dir.set(name, nodeOf(dirent));
  else if ('dir' in before) fail('EISDIR');
  else if ('target' in before) fail('EOPNOTSUPP');
  else directory.dir.set(name, { pieces: [...before.pieces, ...(nodeOf(dirent) as { pieces: string[] }).pieces] });
}

function nodeOf(object: TreeObject): Node {
  if (object.type === 'val') return { pieces: [Buffer.from(object.data, 'base64').toString()] };
  if (object.type === 'symlink') return { ...object.data };
  if (object.type === 'dir') {
    return { dir: new Map(Object.entries(object.data).map(([name, each]) => [name, nodeOf(each)])) };
  }
  throw new Error(object.type);
}

function objectOf(node: Node): TreeObject {
  if ('dir' in node) return { ver: 1, type: 'dirref', data: [rootOf(node)] };
  if ('target' in node) return { ver: 1, type: 'symlink', data: node };
  const inline = valueObject(node.pieces[0]!);
  if (node.pieces.length === 1 && inline.data.length <= 72) return inline;
  return { ver: 1, type: 'valref', data: node.pieces.map((piece) => blobrefOf(piece)) };
}

function rootOf(state: State): string {
  const data = Object.fromEntries([...state.dir].map(([name, node]) => [name, objectOf(node)]));
  return blobrefOf(canonicalTreeText({ ver: 1, type: 'dir', data }));
}

/** What a value lookup answers: the text, or the error. */
function get(all: ReadonlyMap<string, State>, root: State, path: string[], links = 0): string {
  let node: Node | undefined = root;
  for (const [index, name] of path.entries()) {
    if (!('dir' in node)) return fail('ENOENT');
    node = node.dir.get(name);
    if (!node) return fail('ENOENT');
    if (!('target' in node)) continue;
    if (links >= 10) return fail('ELOOP');
    const from = node.namespace === undefined ? root : (all.get(node.namespace) ?? fail('EOPNOTSUPP'));
    return get(all, from, [...node.target.split('.'), ...path.slice(index + 1)], links + 1);
  }
  if ('dir' in node) return fail('EISDIR');
  return (node as { pieces: string[] }).pieces.join('');
}

const name = fc.constantFrom('a', 'b', 'c', '10', '9', 'ü', 'constructor', '__proto__');
const key = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'));
const value = fc.oneof(
  fc.string({ maxLength: 8, unit: 'grapheme' }),
  fc.integer({ min: 50, max: 70 }).map((n) => 'x'.repeat(n)),
);
const put = value.map((text): TreeObject => valueObject(text));
const namespaceName = fc.constantFrom('one', 'two');
const link = fc.record({ target: key, elsewhere: fc.option(namespaceName, { freq: 4 }) });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ key, flags: fc.constant(0), dirent: put }) },
  { weight: 6, arbitrary: fc.record({ key, flags: fc.constant(32), dirent: put }) },
  { weight: 3, arbitrary: fc.record({ key, flags: fc.constant(0), dirent: fc.constant(null) }) },
  { weight: 1, arbitrary: key.map((key) => ({ key, flags: 0, dirent: { ver: 1, type: 'dir', data: {} } as const })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ key, name, inner: put })
      .filter(({ name }) => name !== '__proto__')
      .map(({ key, name, inner }) => ({
        key,
        flags: 0,
        dirent: { ver: 1, type: 'dir', data: { [name]: inner } } as const,
      })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ key, link }).map(({ key, link: { target, elsewhere } }) => ({
      key,
      flags: 0,
      dirent: {
        ver: 1,
        type: 'symlink',
        data: elsewhere === null ? { target } : { target, namespace: elsewhere },
      } as const,
    })),
  },
);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ namespace: namespaceName, operations: fc.array(operation, { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 5, arbitrary: fc.record({ namespace: namespaceName, look: key, back: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ drop: fc.constant(true) }) },
);

let instance: Instance;
let flux: Flux;
beforeAll(async () => {
  instance = startInstance({ size: 1, modules: modules.filter(({ name }) => ['content', 'kvs'].includes(name)) });
  await instance.ready();
  flux = instance.flux(0);
});
afterAll(() => instance.stop());

async function outcome<T>(action: () => Promise<T> | T): Promise<T | string> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Failure) return `failed: ${error.message}`;
    if (error instanceof FluxError) return `failed: ${error.code}`;
    throw error;
  }
}

it('does what a plain tree does, and names the same roots', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
    const states = new Map<string, State>();
    const snapshots: { rootref: string; state: State }[] = [];
    for (const namespace of ['one', 'two']) {
      await kvsRemoveNamespace(flux, namespace);
      await kvsCreateNamespace(flux, namespace);
      states.set(namespace, { dir: new Map() });
    }
    for (const each of steps) {
      if ('drop' in each) await flux.rpc('kvs.dropcache');
      else if ('operations' in each) {
        const { namespace, operations: ops } = each;
        const expected = await outcome(() => {
          const state = commit(states.get(namespace)!, ops);
          states.set(namespace, state);
          return { rootref: rootOf(state) };
        });
        const found = await outcome(() => flux.rpc<KvsRoot>('kvs.commit', { namespace, flags: 0, ops }));
        if (typeof found === 'string') expect(found).toEqual(expected);
        else {
          expect({ rootref: found.rootref }).toEqual(expected);
          snapshots.unshift({ rootref: found.rootref, state: states.get(namespace)! });
        }
        expect((await flux.rpc<KvsRoot>('kvs.getroot', { namespace })).rootref).toBe(rootOf(states.get(namespace)!));
      } else await look(states, snapshots, each);
    }
  });
  await fc.assert(property, { numRuns: 500 });
});

/** In the namespace as it is, or in a root of before. */
async function look(
  states: ReadonlyMap<string, State>,
  snapshots: readonly { rootref: string; state: State }[],
  { namespace, look: key, back }: { namespace: string; look: string; back: number },
): Promise<void> {
  const snapshot = snapshots[back];
  const expected = await outcome(() => get(states, snapshot?.state ?? states.get(namespace)!, key.split('.')));
  const where = snapshot ? { rootdir: { ver: 1, type: 'dirref', data: [snapshot.rootref] } } : { namespace };
  const found = await outcome(async () => {
    const { val } = await flux.rpc<{ val: { data: string } }>('kvs.lookup', { key, flags: 0, ...where });
    return Buffer.from(val.data, 'base64').toString();
  });
  expect(found).toEqual(expected);
  const object = await outcome(() =>
    flux.rpc<{ val: TreeObject }>('kvs.lookup', { key, flags: LookupFlag.treeObject, ...where }),
  );
  if (typeof object !== 'string' && object.val.type === 'val') expect(object.val).toEqual(valueObject(found));
}
