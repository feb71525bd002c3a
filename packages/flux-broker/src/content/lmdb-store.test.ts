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
  const refs: string[] = [];
  // Until a writer that had three turns to take the lock has not ended.
  do {
    for (let more = 0; more < 2_000; more++) refs.push(before.store(Buffer.alloc(500, String(refs.length))));
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  } while (!before.isWriting);
  const after = await LmdbBlobStore.open(path, 'sha1');
  for (const ref of refs) expect(after.load(ref), ref).toBeDefined();
  await after.close();
  await before.close();
});
