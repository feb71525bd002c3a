import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { valueObject } from '@ebb/flux-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlobStore } from '../content/blob-store.ts';
import { LmdbBlobStore } from '../content/lmdb-store.ts';
import { MemoryBlobStore } from '../content/memory-store.ts';
import { Directory, Value } from './entries.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { KvsTree } from './tree.ts';

async function withStore(kind: string, test: (store: BlobStore) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'garbage-'));
  const store =
    kind === 'memory' ? new MemoryBlobStore('sha1') : await LmdbBlobStore.open(join(folder, 'blobs'), 'sha1');
  try {
    await test(store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

function collectorOf(store: BlobStore, tree: KvsTree): GarbageCollector {
  const checkpoint = async () => {
    store.putCheckpoint({ version: 1, rootref: tree.settle(), sequence: store.epoch, timestamp: 0 });
  };
  return new GarbageCollector({ store, roots: () => [tree.settle()], checkpoint, everyBytes: 1000 });
}

/** Every value below a root, as it is read from the store. */
function readAll(store: BlobStore, root: string): Map<string, string> {
  const values = new Map<string, string>();
  const read = (directory: Directory, path: string): void => {
    for (const [name, entry] of directory.entries(store)) {
      if (entry instanceof Directory) read(entry, `${path}${name}.`);
      else if (entry instanceof Value) values.set(`${path}${name}`, String(entry.bytes(store)));
    }
  };
  read(new Directory(undefined, root), '');
  return values;
}

const put = (key: string, value: string) => ({ key, flags: 0, dirent: valueObject(value) });

describe.each(['memory', 'disk'])('garbage in %s', (kind) => {
  it('goes in the run after the first that did not reach it', async () => {
    await withStore(kind, async (store) => {
      const tree = new KvsTree(store);
      const collector = collectorOf(store, tree);
      const long = 'x'.repeat(200);
      tree.apply([put('a.old', `${long}1`), put('b.kept', `${long}2`)]);
      const old = tree.settle();
      expect(collector.isDue).toBe(false);
      tree.apply(Array.from({ length: 10 }, (_, i) => put(`c.${i}`, `${long}c${i}`)));
      tree.settle();
      expect(collector.isDue).toBe(true);
      await collector.collect();
      expect(collector.isDue).toBe(false);
      expect(readAll(store, old).get('a.old')).toBe(`${long}1`);
      tree.apply([put('a.old', `${long}3`)]);
      await store.committed();
      expect(await collector.collect()).toBeGreaterThan(0);
      expect(() => readAll(store, old)).toThrow('is not in the content store');
      expect(readAll(store, tree.settle()).get('b.kept')).toBe(`${long}2`);
      // What went and comes again is there again.
      tree.apply([put('a.old', `${long}1`)]);
      expect(readAll(store, tree.settle()).get('a.old')).toBe(`${long}1`);
      await store.committed();
      expect(readAll(store, tree.settle()).get('a.old')).toBe(`${long}1`);
    });
  });

  it('never takes what the tree still holds', async () => {
    const step = fc.record({
      key: fc.stringMatching(/^[abc](\.[abc]){0,2}$/),
      value: fc.constantFrom('1', ...['x', 'y', 'z'].map((letter) => letter.repeat(100))),
      after: fc.constantFrom('nothing', 'settle', 'collect', 'begin', 'unload', 'commit'),
    });
    await withStore(kind, async (store) => {
      const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const tree = new KvsTree(store);
        const collector = collectorOf(store, tree);
        const expected = new Map<string, string>();
        const running: Promise<unknown>[] = [];
        for (const { key, value, after } of steps) {
          tree.apply([put(key, value)]);
          for (const other of [...expected.keys()]) {
            if (other.startsWith(`${key}.`) || key.startsWith(`${other}.`)) expected.delete(other);
          }
          expected.set(key, value);
          if (after === 'settle') tree.settle();
          if (after === 'unload') tree.root.unload();
          if (after === 'commit') await store.committed();
          if (after === 'begin') running.push(collector.collect());
          if (after === 'collect') await collector.collect();
        }
        await Promise.all(running);
        tree.settle();
        tree.root.unload();
        expect(readAll(store, tree.settle())).toEqual(expected);
      });
      await fc.assert(property, { numRuns: 60 });
    });
  });
});
