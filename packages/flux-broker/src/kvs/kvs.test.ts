import {
  type Flux,
  KvsTransaction,
  kvsCreateNamespace,
  kvsDirectory,
  kvsFind,
  kvsGet,
  kvsNamespaces,
  kvsRemoveNamespace,
  kvsRoot,
  kvsWaitVersion,
} from '@ebb/flux-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { modules } from '../modules.ts';

const needed = ['content', 'kvs', 'kvs-watch'];
let instance: Instance;
let flux: Flux;

beforeAll(async () => {
  instance = startInstance({ size: 3, modules: modules.filter(({ name }) => needed.includes(name)) });
  await instance.ready();
  // A follower's requests travel up to rank 0.
  flux = instance.flux(2);
});
afterAll(() => instance.stop());

const put = (key: string, value: string, namespace?: string) =>
  new KvsTransaction().put(key, value).commit(flux, { namespace });
const text = async (key: string, namespace?: string) => String(await kvsFind(flux, key, { namespace }));

describe('the module kvs', () => {
  it('gives back what was committed, also at the root of before', async () => {
    const { rootref } = await put('a.b', 'one');
    await new KvsTransaction().put('a.b', 'two').append('a.log', 'x').append('a.log', 'y').commit(flux);
    expect(await text('a.b')).toBe('two');
    expect(await text('a.log')).toBe('xy');
    const rootdir = { ver: 1, type: 'dirref', data: [rootref] };
    const { val } = await flux.rpc<{ val: { data: string } }>('kvs.lookup', { key: 'a.b', flags: 0, rootdir });
    expect(Buffer.from(val.data, 'base64').toString()).toBe('one');
    expect([...(await kvsDirectory(flux, 'a')).keys()].sort()).toEqual(['b', 'log']);
  });

  it('commits all or nothing', async () => {
    await put('whole.dir.x', '1');
    const before = await kvsRoot(flux);
    const bad = new KvsTransaction().put('whole.y', '2').unlink('whole.dir.x').append('whole.dir', 'no');
    await expect(bad.commit(flux)).rejects.toThrow(expect.objectContaining({ code: 'EISDIR' }));
    expect(await kvsRoot(flux)).toEqual(before);
    expect(await text('whole.dir.x')).toBe('1');
    expect(await text('whole.y')).toBe('undefined');
  });

  it('keeps namespaces apart', async () => {
    const rootref = 'sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91';
    await kvsCreateNamespace(flux, 'other', { owner: 1234 });
    await expect(kvsCreateNamespace(flux, 'other')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await kvsRoot(flux, { namespace: 'other' })).toMatchObject({ rootref, rootseq: 0, owner: 1234 });
    await put('k', 'there', 'other');
    await new KvsTransaction().link('door', '.', 'other').commit(flux);
    expect(await text('k')).toBe('undefined');
    expect(await text('door.k')).toBe('there');
    const waiting = kvsWaitVersion(flux, 7, { namespace: 'other' });
    await kvsRemoveNamespace(flux, 'other');
    await expect(waiting).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
    await expect(kvsGet(flux, 'k', { namespace: 'other' })).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
  });

  it('answers who waits for a version once it is there', async () => {
    const { rootseq } = await kvsRoot(flux);
    const waiting = kvsWaitVersion(flux, rootseq + 2);
    await put('v', '1');
    const root = await put('v', '2');
    expect(await waiting).toEqual(root);
  });

  it('makes a namespace from a root, and forgets nothing it did not remove', async () => {
    const { rootref } = await put('from', 'root');
    await kvsCreateNamespace(flux, 'copy', { rootref });
    expect(await text('from', 'copy')).toBe('root');
    expect((await kvsNamespaces(flux)).map(({ namespace }) => namespace).sort()).toEqual(['copy', 'primary']);
    await kvsRemoveNamespace(flux, 'copy');
    await kvsRemoveNamespace(flux, 'copy');
    await expect(kvsRemoveNamespace(flux, 'primary')).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
  });

  it.each([
    [{ key: '.', flags: 0, dirent: null }, 'EINVAL'],
    [{ key: 'x', flags: 0, dirent: { ver: 1, type: 'val', data: '!' } }, 'EPROTO'],
    [{ key: 'x', flags: 0, dirent: { ver: 2, type: 'val', data: '' } }, 'EPROTO'],
    [{ key: 'x', flags: 0, dirent: 'text' }, 'EPROTO'],
    [{ key: 'x', flags: 32, dirent: { ver: 1, type: 'dir', data: {} } }, 'EPROTO'],
    [{ key: 7, flags: 0, dirent: null }, 'EPROTO'],
  ])('refuses %j', async (operation, code) => {
    const request = { namespace: 'primary', flags: 0, ops: [operation] };
    await expect(flux.rpc('kvs.commit', request)).rejects.toMatchObject({ code });
  });

  it('fails for links that lead round in a circle', async () => {
    await new KvsTransaction().link('round.a', 'round.b').link('round.b', 'round.a').commit(flux);
    await expect(kvsGet(flux, 'round.a')).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(put('round.a.x', '1')).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('counts commits and what is in memory', async () => {
    const read = () => flux.rpc<Statistics>('kvs.stats-get');
    await put('counted', 'x');
    const before = await read();
    await new KvsTransaction().put('counted', 'x'.repeat(5000)).put('counted2', 'y').commit(flux);
    const after = await read();
    expect(after.namespace.primary['store revision']).toBe(before.namespace.primary['store revision'] + 1);
    expect(after['transaction-opcount'].commit.count).toBe(before['transaction-opcount'].commit.count + 1);
    expect(after['transaction-opcount'].commit.max).toBeGreaterThanOrEqual(2);
  });
});

interface Statistics {
  namespace: { primary: { 'store revision': number } };
  'transaction-opcount': { commit: { count: number; max: number } };
}
