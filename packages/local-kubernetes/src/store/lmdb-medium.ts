import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { LoggedChange, Medium, MediumContents } from './medium.ts';

type Meta = 'revision' | 'compacted';

/** Room for the database's address space; the file itself grows only as it fills. */
const mapSizeBytes = 4 * 1024 ** 3;

/**
 * The store on disk: one LMDB environment with the records, the remembered changes and two counters, all written in
 * one transaction. LMDB is copy-on-write, so a process that dies in the middle leaves the last committed state.
 */
export class LmdbMedium implements Medium {
  readonly #root: RootDatabase;
  readonly #records: Database<string, string>;
  readonly #changes: Database<LoggedChange, number>;
  readonly #meta: Database<number, Meta>;

  /** @param path the database file; its folder is made. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#root = open({ path, mapSize: mapSizeBytes, maxDbs: 4, noSubdir: true });
    this.#records = this.#root.openDB({ name: 'records', encoding: 'string' });
    this.#changes = this.#root.openDB({ name: 'changes', encoding: 'json' });
    this.#meta = this.#root.openDB({ name: 'meta', encoding: 'json' });
  }

  load(): MediumContents {
    return {
      revision: this.#meta.get('revision') ?? 0,
      compacted: this.#meta.get('compacted') ?? 0,
      records: this.#records.getRange().map(({ key, value }) => ({ key, text: value })),
      changes: this.#changes.getRange().map(({ value }) => value),
    };
  }

  async commit(changes: readonly LoggedChange[]): Promise<void> {
    const last = changes.at(-1);
    if (!last) return;
    await this.#root.transaction(() => {
      for (const change of changes) {
        if (change.type === 'DELETED') this.#records.remove(change.key);
        else this.#records.put(change.key, change.text);
        this.#changes.put(change.revision, change);
      }
      this.#meta.put('revision', last.revision);
    });
  }

  async compact(revision: number): Promise<void> {
    await this.#root.transaction(() => {
      for (const key of this.#changes.getKeys({ end: revision + 1 })) this.#changes.remove(key);
      this.#meta.put('compacted', revision);
    });
  }

  async close(): Promise<void> {
    await this.#root.flushed;
    await this.#root.close();
  }
}
