import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flux, KvsTransaction, kvsDirectory, kvsFind, kvsRoot, kvsWatch } from '@ebb/flux-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { modules } from '../modules.ts';
import { Journal, RecordKind, readRecords } from './journal.ts';

const emptyRoot = 'sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91';
let statedir: string;
let instance: Instance | undefined;

beforeEach(() => {
  statedir = mkdtempSync(join(tmpdir(), 'kvs-state-'));
});
afterEach(async () => {
  await instance?.stop();
  instance = undefined;
  rmSync(statedir, { recursive: true, force: true });
});

async function start(folder = statedir): Promise<Flux> {
  const narrow = modules.filter(({ name }) => ['content', 'kvs'].includes(name));
  instance = startInstance({ size: 1, modules: narrow, statedir: folder });
  await instance.ready();
  return instance.flux(0);
}

async function stop(): Promise<void> {
  await instance?.stop();
  instance = undefined;
}

const journals = (folder = statedir) => readdirSync(folder).filter((name) => name.startsWith('kvs.journal.'));
const text = async (flux: Flux, key: string) => String(await kvsFind(flux, key));

describe('the KVS of an instance with a statedir', () => {
  it('comes back after a clean stop, and from the copy of a moment', async () => {
    let flux = await start();
    const long = 'x'.repeat(1000);
    await new KvsTransaction().put('a.b', '1').put('a.long', long).append('log', 'one').commit(flux);
    await new KvsTransaction().append('log', 'two').link('l', 'a.b').commit(flux);
    const before = await kvsRoot(flux);
    await flux.rpc('content.flush');
    const copy = `${statedir}-copy`;
    cpSync(statedir, copy, { recursive: true });
    await stop();
    for (const folder of [statedir, copy]) {
      flux = await start(folder);
      expect(await kvsRoot(flux)).toEqual(before);
      expect(await text(flux, 'log')).toBe('onetwo');
      expect(await text(flux, 'a.long')).toBe(long);
      expect(await text(flux, 'l')).toBe('1');
      await new KvsTransaction().append('log', 'three').commit(flux);
      await stop();
      flux = await start(folder);
      expect(await text(flux, 'log')).toBe('onetwothree');
      expect((await kvsRoot(flux)).rootseq).toBe(before.rootseq + 1);
      expect(journals(folder)).toHaveLength(1);
      await stop();
    }
    rmSync(copy, { recursive: true });
  });

  it('comes back with a prefix of its commits wherever the last writing was cut off', async () => {
    let flux = await start();
    const ends: number[] = [];
    const path = join(statedir, journals()[0]!);
    for (let i = 1; i <= 20; i++) {
      await new KvsTransaction().put(`k${i}`, String(i)).append('log', `${i} `).commit(flux);
      ends.push(readFileSync(path).length);
    }
    const copy = `${statedir}-copy`;
    mkdirSync(copy);
    cpSync(path, join(copy, journals()[0]!));
    await stop();
    const first = ends[0]! - 1;
    for (let round = 0; round < 25; round++) {
      const cut = round === 0 ? ends.at(-1)! : first + Math.floor(Math.random() * (ends.at(-1)! - first));
      const folder = `${statedir}-cut`;
      cpSync(copy, folder, { recursive: true });
      truncateSync(join(folder, journals(copy)[0]!), cut);
      const expected = ends.filter((end) => end <= cut).length;
      flux = await start(folder);
      const { size } = await kvsDirectory(flux, '.');
      expect(size, `cut at ${cut}`).toBe(expected === 0 ? 0 : expected + 1);
      const log = Array.from({ length: expected }, (_, i) => `${i + 1} `).join('');
      expect(await text(flux, 'log')).toBe(expected === 0 ? 'undefined' : log);
      await stop();
      rmSync(folder, { recursive: true });
    }
    rmSync(copy, { recursive: true });
  });

  it.each(['memory', 'disk'])('goes on after the module was loaded anew, in %s', async (kind) => {
    const narrow = modules.filter(({ name }) => ['content', 'kvs', 'kvs-watch'].includes(name));
    instance = startInstance({ size: 1, modules: narrow, ...(kind === 'disk' ? { statedir } : {}) });
    await instance.ready();
    const flux = instance.flux(0);
    await new KvsTransaction().put('a.b', '1').commit(flux);
    const before = await kvsRoot(flux);
    const watching = kvsWatch(flux, 'a.b');
    await watching.next();
    await flux.rpc('module.remove', { name: 'kvs' });
    await expect(watching.next()).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
    await expect(kvsRoot(flux)).rejects.toMatchObject({ code: 'ENOSYS' });
    await flux.rpc('module.load', { path: 'kvs', args: [] });
    expect(await kvsRoot(flux)).toEqual(before);
    const again = kvsWatch(flux, 'a.b');
    expect(String((await again.next()).value)).toBe('1');
    await new KvsTransaction().put('a.b', '2').commit(flux);
    expect(String((await again.next()).value)).toBe('2');
    await again.return(undefined);
  });

  it('puts a checkpoint on record when a commit asks for it, and none of a namespace', async () => {
    const flux = await start();
    await expect(flux.rpc('content.checkpoint-get')).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }));
    const request = { namespace: 'primary', flags: 4, ops: [{ key: 'a', flags: 0, dirent: null }] };
    const root = await flux.rpc<{ rootref: string; rootseq: number }>('kvs.commit', request);
    const { value } = await flux.rpc<{ value: object[] }>('content.checkpoint-get');
    expect(value[0]).toMatchObject({ version: 1, rootref: root.rootref, sequence: root.rootseq });
    const other = { ...request, namespace: 'other' };
    await flux.rpc('kvs.namespace-create', { namespace: 'other', owner: 0, flags: 0, rootref: emptyRoot });
    await expect(flux.rpc('kvs.commit', other)).rejects.toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });

  it('follows a checkpoint that somebody else put, not the journal of another past', async () => {
    let flux = await start();
    await new KvsTransaction().put('kept', '1').commit(flux);
    const { rootref } = await kvsRoot(flux);
    await new KvsTransaction().put('dropped', '1').commit(flux);
    await flux.rpc('content.flush');
    const copy = `${statedir}-copy`;
    cpSync(statedir, copy, { recursive: true });
    await stop();
    const narrow = modules.filter(({ name }) => name === 'content');
    instance = startInstance({ size: 1, modules: narrow, statedir: copy });
    await instance.ready();
    const value = { version: 1, rootref, sequence: 0, timestamp: 1 };
    await instance.flux(0).rpc('content.checkpoint-put', { value });
    await stop();
    flux = await start(copy);
    expect([...(await kvsDirectory(flux, '.')).keys()]).toEqual(['kept']);
    await stop();
    rmSync(copy, { recursive: true });
  });
});

describe('a journal', () => {
  it('goes on over files, leaves out what is not whole, and refuses a gap', () => {
    const journal = new Journal(statedir);
    const read = (sequence: number, rootref: string) =>
      [...journal.recordsAfter(sequence, rootref)].map((r) => r.sequence);
    journal.begin(0, 'root0');
    for (const sequence of [1, 2]) journal.append(RecordKind.commit, sequence, Buffer.from('x'));
    journal.begin(2, 'root2');
    journal.append(RecordKind.commit, 3, Buffer.from('y'));
    expect(read(0, 'root0')).toEqual([1, 2, 3]);
    expect(read(2, 'root2')).toEqual([3]);
    expect(read(0, 'other')).toEqual([]);
    appendFileSync(join(statedir, 'kvs.journal.2'), Buffer.from([200, 0, 0, 0, 1]));
    expect(read(2, 'root2')).toEqual([3]);
    journal.begin(7, 'root7');
    journal.close();
    expect(() => read(0, 'root0')).toThrow('kvs.journal.7 follows root 7, but the commits before end at 3');
    journal.dropBefore(7);
    expect(journals()).toEqual(['kvs.journal.7']);
    expect(readRecords(Buffer.alloc(40))).toEqual([]);
  });
});
