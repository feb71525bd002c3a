import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LmdbMedium } from './lmdb-medium.ts';
import { Store } from './store.ts';

interface Thing {
  metadata: { name: string; resourceVersion?: string };
  value: number;
}

const folders: string[] = [];
const newPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  folders.push(folder);
  return join(folder, 'data.mdb');
};

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const thing = (name: string, value: number): Thing => ({ metadata: { name }, value });

describe('LmdbMedium', () => {
  it('keeps records, history and revision over a restart', async () => {
    const path = newPath();
    const store = new Store<Thing>(new LmdbMedium(path));
    await store.transact((transaction) => transaction.put('things', 'a', thing('a', 1)));
    await store.transact((transaction) => transaction.put('things', 'a', thing('a', 2)));
    await store.transact((transaction) => transaction.put('things', 'b', thing('b', 3)));
    await store.transact((transaction) => transaction.delete('things', 'a'));
    await store.close();

    const again = new Store<Thing>(new LmdbMedium(path));
    expect(again.revision).toBe(5);
    expect(again.list('things').items.map(({ object }) => object.value)).toEqual([3]);
    expect(again.list('things', { revision: 3 }).items.map(({ object }) => object.value)).toEqual([2]);
    expect(again.changesAfter('things', 2).map(({ type }) => type)).toEqual(['MODIFIED', 'ADDED', 'DELETED']);
    expect((await again.transact((transaction) => transaction.put('things', 'c', thing('c', 4)))).revision).toBe(6);
    await again.close();
  });

  it('forgets compacted changes on disk too', async () => {
    const path = newPath();
    const store = new Store<Thing>(new LmdbMedium(path), { maxChanges: 10 });
    for (let value = 0; value < 100; value++) {
      await store.transact((transaction) => transaction.put('things', 'a', thing('a', value)));
    }
    await store.close();
    const medium = new LmdbMedium(path);
    const { compacted, changes } = medium.load();
    expect(compacted).toBeGreaterThan(80);
    expect([...changes].length).toBeLessThan(20);
    await medium.close();
  });

  it('loses no acknowledged write to kill -9', async () => {
    for (let round = 0; round < 5; round++) {
      const path = newPath();
      const acknowledged = await writeUntilKilled(path, 200 + round * 300);
      const store = new Store<Thing>(new LmdbMedium(path));
      const { items } = store.list('things');
      const kept = new Set(items.map(({ object }) => object.value));
      for (let value = 0; value <= acknowledged; value++) expect(kept.has(value)).toBe(true);
      // What was not acknowledged may be there, but only whole and in order.
      expect(Math.max(...kept)).toBe(kept.size - 1);
      await store.close();
    }
  });
});

/** Starts a writer that tells each acknowledged value, and kills it after `count` of them. */
function writeUntilKilled(path: string, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'endless-writer.fixture.ts'), [path], {
      execArgv: ['--import', 'tsx'],
    });
    let last = -1;
    child.on('message', (value: number) => {
      last = Math.max(last, value);
      if (last >= count) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(last);
      else reject(new Error(`the writer ended with ${code}`));
    });
  });
}
