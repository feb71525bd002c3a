import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCompactor } from './compactor.ts';
import { MemoryMedium } from './memory-medium.ts';
import { Store } from './store.ts';

interface Thing {
  metadata: { name: string; resourceVersion?: string };
}

describe('a compactor', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('forgets every five minutes what was there five minutes before', async () => {
    const store = new Store<Thing>(new MemoryMedium());
    const write = () => store.transact((transaction) => transaction.put('things', 'a', { metadata: { name: 'a' } }));
    await write();
    const first = store.revision;
    const compactor = startCompactor(store, expect.fail);
    await write();
    const second = store.revision;
    vi.advanceTimersByTime(300_000);
    expect(store.compacted).toBe(first);
    await write();
    vi.advanceTimersByTime(300_000);
    expect(store.compacted).toBe(second);
    expect([...store.changesAfter('things', second)].length).toBe(1);
    compactor.stop();
    vi.advanceTimersByTime(900_000);
    expect(store.compacted).toBe(second);
    await store.close();
  });
});
