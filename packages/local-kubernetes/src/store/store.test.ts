import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoggedChange, Medium, MediumContents } from './medium.ts';
import { MemoryMedium } from './memory-medium.ts';
import { Store } from './store.ts';
import { CompactedError, FutureRevisionError, StorageError } from './store-errors.ts';

interface Thing {
  metadata: { name: string; resourceVersion?: string };
  value: number;
}

const thing = (name: string, value = 0): Thing => ({ metadata: { name }, value });
const put = (store: Store<Thing>, key: string, value = 0) =>
  store.transact((transaction) => transaction.put('things', key, thing(key, value)));
const names = (store: Store<Thing>, options = {}) => store.list('things', options).items.map(({ key }) => key);

/** A medium whose commits wait until they are let through, or are told to fail. */
class HeldMedium implements Medium {
  readonly committed: LoggedChange[] = [];
  #release: ((error?: Error) => void) | undefined;

  load(): MediumContents {
    return { revision: 0, compacted: 0, records: [], changes: [] };
  }

  async commit(changes: readonly LoggedChange[]): Promise<void> {
    const error = await new Promise<Error | undefined>((resolve) => (this.#release = resolve));
    if (error) throw error;
    this.committed.push(...changes);
  }

  async let(error?: Error): Promise<void> {
    while (!this.#release) await new Promise((resolve) => setImmediate(resolve));
    const release = this.#release;
    this.#release = undefined;
    release(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  compact(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('Store', () => {
  it('gives every change the next revision and writes it into the object', async () => {
    const store = new Store<Thing>(new MemoryMedium());
    const first = await put(store, 'a');
    const second = await put(store, 'a', 1);
    expect([first.revision, second.revision]).toEqual([2, 3]);
    expect(second.object.metadata.resourceVersion).toBe('3');
    expect(second.createRevision).toBe(2);
    expect(store.revision).toBe(3);
  });

  it('shows nothing to readers before the medium has it, but everything to the next transaction', async () => {
    const medium = new HeldMedium();
    const store = new Store<Thing>(medium);
    const seen: string[] = [];
    store.onChange(({ type, item }) => seen.push(`${type} ${item.key}`));
    const written = put(store, 'a', 1);
    const next = store.transact((transaction) => transaction.get('things', 'a')?.object.value);
    expect(store.get('things', 'a')).toBeUndefined();
    expect(seen).toEqual([]);
    await medium.let();
    await written;
    expect(store.get('things', 'a')?.object.value).toBe(1);
    expect(seen).toEqual(['ADDED a']);
    expect(await next).toBe(1);
  });

  it('drops what a failed commit held and all that was built on it', async () => {
    const medium = new HeldMedium();
    const store = new Store<Thing>(medium);
    const first = put(store, 'a', 1);
    const second = store.transact((transaction) => transaction.put('things', 'a', thing('a', 2)));
    const refused = Promise.allSettled([first, second]);
    await medium.let(new Error('disk full'));
    for (const result of await refused) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StorageError) });
    }
    const third = put(store, 'a', 3);
    await medium.let();
    expect((await third).object.value).toBe(3);
    expect(store.get('things', 'a')?.createRevision).toBe(store.revision);
  });

  it('undoes a transaction that throws', async () => {
    const store = new Store<Thing>(new MemoryMedium());
    await put(store, 'a', 1);
    const failing = store.transact((transaction) => {
      transaction.put('things', 'a', thing('a', 2));
      transaction.put('things', 'b', thing('b'));
      transaction.delete('things', 'a');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(store.get('things', 'a')?.object.value).toBe(1);
    expect(await put(store, 'c')).toMatchObject({ revision: 3 });
  });

  it('tells no refusal of what the medium does not have yet', async () => {
    const medium = new HeldMedium();
    const store = new Store<Thing>(medium);
    const refusing = (): Promise<unknown> =>
      store.transact((transaction) => {
        throw new Error(`there is ${transaction.get('things', 'a')?.object.value}`);
      });
    const written = put(store, 'a', 1);
    const told: string[] = [];
    const refused = refusing().catch(({ message }: Error) => told.push(message, `stored: ${names(store)}`));
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
    await medium.let();
    await Promise.all([written, refused]);
    expect(told).toEqual(['there is 1', 'stored: a']);
    const lost = Promise.allSettled([put(store, 'a', 2), refusing()]);
    await medium.let(new Error('disk full'));
    for (const result of await lost) expect(result).toMatchObject({ reason: expect.any(StorageError) });
  });

  it('lists in key order, in pages, under a prefix, and as it was', async () => {
    const store = new Store<Thing>(new MemoryMedium());
    for (const key of ['b/2', 'a/1', 'b/1', 'c/1']) await put(store, key);
    const before = store.revision;
    await store.transact((transaction) => transaction.delete('things', 'b/1'));
    await put(store, 'b/0');
    await put(store, 'b/2', 7);
    expect(names(store)).toEqual(['a/1', 'b/0', 'b/2', 'c/1']);
    expect(names(store, { prefix: 'b/' })).toEqual(['b/0', 'b/2']);
    expect(names(store, { revision: before })).toEqual(['a/1', 'b/1', 'b/2', 'c/1']);
    expect(store.list('things', { revision: before, prefix: 'b/' }).items[1]?.object.value).toBe(0);
    const page = store.list('things', { limit: 2, revision: before });
    expect(page).toMatchObject({ last: 'b/1', remaining: 2 });
    expect(names(store, { after: 'b/1', revision: before })).toEqual(['b/2', 'c/1']);
  });

  it('forgets the past beyond its bounds and says so', async () => {
    const store = new Store<Thing>(new MemoryMedium(), { maxChanges: 10 });
    for (let index = 0; index < 50; index++) await put(store, 'a', index);
    expect(() => store.changesAfter('things', 2)).toThrow(CompactedError);
    expect(() => store.list('things', { revision: 2 })).toThrow(CompactedError);
    expect(() => store.list('things', { revision: 1000 })).toThrow(FutureRevisionError);
    expect(store.changesAfter('things', store.revision - 5)).toHaveLength(5);
    expect(store.changesAfter('things', store.compacted).length).toBeGreaterThanOrEqual(10);
  });

  it('replays to any revision what a model remembers', async () => {
    const step = fc.record({ key: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2'), value: fc.option(fc.nat(9)) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const store = new Store<Thing>(new MemoryMedium());
        const model = new Map<string, number>();
        const past = new Map<number, [string, number][]>([[store.revision, []]]);
        for (const { key, value } of steps) {
          await store.transact((transaction) => {
            if (value !== null) transaction.put('things', key, thing(key, value));
            else if (transaction.get('things', key)) transaction.delete('things', key);
          });
          if (value === null) model.delete(key);
          else model.set(key, value);
          past.set(store.revision, [...model].sort());
        }
        for (const [revision, entries] of past) {
          const listed = store.list('things', { revision }).items.map(({ key, object }) => [key, object.value]);
          expect(listed).toEqual(entries);
        }
      }),
      { numRuns: 50 },
    );
  });
});
