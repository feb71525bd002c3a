import { type Flux, KvsTransaction, kvsDirectory, kvsFind, kvsGet, kvsRoot } from '@ebb/flux-client';
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
    const request = { namespace: 'other', rootref, owner: 1234, flags: 0 };
    await flux.rpc('kvs.namespace-create', request);
    await expect(flux.rpc('kvs.namespace-create', request)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await kvsRoot(flux, { namespace: 'other' })).toMatchObject({ rootref, rootseq: 0, owner: 1234 });
    await put('k', 'there', 'other');
    await new KvsTransaction().link('door', '.', 'other').commit(flux);
    expect(await text('k')).toBe('undefined');
    expect(await text('door.k')).toBe('there');
    const waiting = flux.rpc('kvs.wait-version', { namespace: 'other', rootseq: 7 });
    await flux.rpc('kvs.namespace-remove', { namespace: 'other' });
    await expect(waiting).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
    await expect(kvsGet(flux, 'k', { namespace: 'other' })).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
  });

  it('answers who waits for a version once it is there', async () => {
    const { rootseq } = await kvsRoot(flux);
    const waiting = flux.rpc('kvs.wait-version', { namespace: 'primary', rootseq: rootseq + 2 });
    await put('v', '1');
    const root = await put('v', '2');
    expect(await waiting).toEqual(root);
  });
});
