// kill -9 at any moment loses no commit that was answered.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kvsDirectory, kvsGet } from '@ebb/flux-client';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startInstance } from '../instance/instance.ts';
import { modules } from '../modules.ts';

// More rounds where somebody has the time: EBB_CRASH_ROUNDS=100.
const rounds = Number(process.env['EBB_CRASH_ROUNDS'] ?? 10);
const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'dist', 'crash-test', 'commit-for-ever.mjs');
let statedir: string;

/** Commits without an end, now and then with a checkpoint, a root and a blob; tells of each answer on its output. */
const commitForEver = `
  import { writeSync } from 'node:fs';
  import { startInstance } from './src/instance/instance.ts';
  import { modules } from './src/modules.ts';
  const statedir = process.argv[2];
  const narrow = modules.filter(({ name }) => name === 'content' || name === 'kvs');
  const instance = startInstance({ size: 1, modules: narrow, statedir });
  await instance.ready();
  const flux = instance.flux(0);
  const val = (text) => ({ ver: 1, type: 'val', data: Buffer.from(text).toString('base64') });
  const before = await flux.rpc('kvs.lookup', { key: 'last', flags: 0, namespace: 'primary' }).catch(() => undefined);
  for (let i = before ? Number(Buffer.from(before.val.data, 'base64')) + 1 : 1; ; i++) {
    const ops = [
      { key: 'log', flags: 32, dirent: val(i + ' ') },
      { key: 'deep.' + (i % 7) + '.' + (i % 50) + '.long', flags: 0, dirent: val(String(i).repeat(100)) },
      { key: 'deep.' + ((i + 3) % 7) + '.' + (i % 11), flags: 0, dirent: null },
      { key: 'last', flags: 0, dirent: val(String(i)) },
    ];
    if (i % 13 === 0) {
      // A tree that was hashed a moment ago, put elsewhere by its reference.
      const { val: dirent } = await flux.rpc('kvs.lookup', { key: 'deep', flags: 16, namespace: 'primary' });
      ops.push({ key: 'copies.' + (i % 5), flags: 0, dirent });
    }
    const flags = i % 97 === 0 ? 4 : 0;
    if (i % 31 === 0) void flux.rpc('kvs.getroot', { namespace: 'primary' });
    const answer = flux.rpc('kvs.commit', { namespace: 'primary', flags, ops, ...(i % 5 ? { rootref: false } : {}) });
    answer.then(() => writeSync(1, i + '\\n'), (error) => writeSync(2, error.stack));
    if (i % 4 === 0) await answer;
  }`;

beforeAll(async () => {
  await build({
    stdin: { contents: commitForEver, resolveDir: root, loader: 'ts' },
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['zeromq', 'lmdb', '@lydell/node-pty'],
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
    logLevel: 'error',
  });
  statedir = mkdtempSync(join(tmpdir(), 'kvs-crash-'));
});

afterAll(() => {
  rmSync(join(root, 'dist', 'crash-test'), { recursive: true, force: true });
  rmSync(statedir, { recursive: true, force: true });
});

/** Resolves to the last commit that was answered before the kill. */
function killAfter(delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [program, statedir], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => {
    if (out === '') setTimeout(() => child.kill('SIGKILL'), delayMs);
    out += data;
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data;
  });
  return new Promise((resolve, reject) => {
    child.once('close', () => {
      const last = out.split('\n').at(-2);
      if (last === undefined || err !== '') reject(new Error(`no commit was answered: ${err}`));
      else resolve(Number(last));
    });
  });
}

it('keeps every commit that was answered, through kill -9 after kill -9', {
  timeout: 20_000 + rounds * 2000,
}, async () => {
  for (let round = 0; round < rounds; round++) {
    const answered = await killAfter(Math.random() * 60);
    // Every other time the next one starts from the files of the killed one, without a clean stop between.
    if (round % 2 === 0) continue;
    const { last, log } = await look();
    expect(last).toBeGreaterThanOrEqual(answered);
    expect(log).toBe(Array.from({ length: last }, (_, i) => `${i + 1} `).join(''));
  }
});

/** Reads everything. */
async function look(): Promise<{ last: number; log: string }> {
  const narrow = modules.filter(({ name }) => ['content', 'kvs'].includes(name));
  const instance = startInstance({ size: 1, modules: narrow, statedir });
  await instance.ready();
  const flux = instance.flux(0);
  const values = new Map<string, string>();
  const read = async (directory: string): Promise<void> => {
    for (const [name, object] of await kvsDirectory(flux, directory)) {
      const key = directory === '.' ? name : `${directory}.${name}`;
      if (object.type === 'dirref') await read(key);
      else values.set(key, String(await kvsGet(flux, key)));
    }
  };
  await read('.');
  await instance.stop();
  return { last: Number(values.get('last')), log: values.get('log') ?? '' };
}
