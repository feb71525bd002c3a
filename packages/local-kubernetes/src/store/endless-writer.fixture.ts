// Writes 0, 1, 2, ... to the store in its argument, several at once, and tells its parent each that is acknowledged.
import { LmdbMedium } from './lmdb-medium.ts';
import { Store } from './store.ts';

const store = new Store<{ metadata: { name: string; resourceVersion?: string }; value: number }>(
  new LmdbMedium(process.argv[2] as string),
);
let next = 0;

async function write(): Promise<void> {
  for (;;) {
    const value = next++;
    await store.transact((transaction) =>
      transaction.put('things', String(value).padStart(9, '0'), { metadata: { name: String(value) }, value }),
    );
    process.send?.(value);
  }
}

await Promise.all(Array.from({ length: 8 }, write));
