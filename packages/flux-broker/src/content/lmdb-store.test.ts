import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { LmdbBlobStore } from './lmdb-store.ts';

let folder: string;

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('opens while a broker that died in this process still writes', async () => {
  folder = mkdtempSync(join(tmpdir(), 'lmdb-store-'));
  const path = join(folder, 'content.lmdb');
  const before = await LmdbBlobStore.open(path, 'sha1');
  const refs = Array.from({ length: 2_000 }, (_, at) => before.store(Buffer.alloc(500, String(at))));
  // The writer holds the lock by now, and has not ended.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(before.isWriting).toBe(true);
  const after = await LmdbBlobStore.open(path, 'sha1');
  for (const ref of refs) expect(after.load(ref), ref).toBeDefined();
  await after.close();
  await before.close();
});
