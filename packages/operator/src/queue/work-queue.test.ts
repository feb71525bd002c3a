import { describe, expect, it, vi } from 'vitest';
import { WorkQueue } from './work-queue.ts';

const soon = { timeout: 3000, interval: 2 };

describe('a work queue', () => {
  it('works on a key once for many additions, and again for one that comes meanwhile', async () => {
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const worked: string[] = [];
    const queue = new WorkQueue({
      concurrency: 2,
      work: async (key) => {
        worked.push(key);
        if (worked.length === 1) await gate;
        return undefined;
      },
    });
    for (let turn = 0; turn < 3; turn++) queue.add('a');
    for (let turn = 0; turn < 3; turn++) queue.add('a');
    expect(worked).toEqual(['a']);
    open();
    await queue.idle();
    expect(worked).toEqual(['a', 'a']);
  });

  it('never works on one key twice at a time, nor on more keys than it may', async () => {
    const active = new Set<string>();
    let most = 0;
    const queue = new WorkQueue({
      concurrency: 3,
      rate: { perSecond: 1e6, burst: 1e6 },
      work: async (key) => {
        expect(active.has(key)).toBe(false);
        active.add(key);
        most = Math.max(most, active.size);
        await new Promise((resolve) => setTimeout(resolve, 1));
        active.delete(key);
        return undefined;
      },
    });
    for (let turn = 0; turn < 200; turn++) queue.add(`k${turn % 7}`);
    await queue.idle();
    expect(most).toBe(3);
  });

  it('leaves who asks for it alone for as long as is asked', async () => {
    const pauses: (number | undefined)[] = [];
    const asks = [40, 1, 1000];
    const queue = new WorkQueue({
      concurrency: 1,
      backoffMs: { first: 5, most: 50 },
      retryAfterMs: (error) => Number((error as Error).message),
      onError: (_key, _error, next) => pauses.push(next),
      work: async () => {
        const ask = asks.shift();
        if (ask !== undefined) throw new Error(`${ask}`);
        return undefined;
      },
    });
    queue.add('a');
    await vi.waitFor(() => expect(pauses).toEqual([40, 10, 50]), soon);
    await queue.stop();
  });

  it('tries again after pauses that double, and drops what cannot be helped', async () => {
    const pauses: (number | undefined)[] = [];
    let left = 3;
    const queue = new WorkQueue({
      concurrency: 1,
      backoffMs: { first: 5, most: 12 },
      isRetryable: (error) => (error as Error).message !== 'never',
      onError: (_key, _error, next) => pauses.push(next),
      work: async (key) => {
        if (key === 'bad') throw new Error('never');
        if (left-- > 0) throw new Error('again');
        return undefined;
      },
    });
    queue.add('a');
    await vi.waitFor(() => expect(left).toBe(-1), soon);
    queue.add('bad');
    await queue.idle();
    expect(pauses).toEqual([5, 10, 12, undefined]);
  });

  it('holds keys to a rate', async () => {
    let count = 0;
    const queue = new WorkQueue({
      concurrency: 10,
      rate: { perSecond: 50, burst: 2 },
      work: async () => {
        count += 1;
        return undefined;
      },
    });
    for (let turn = 0; turn < 5; turn++) queue.add(`k${turn}`);
    expect(count).toBe(2);
    await vi.waitFor(() => expect(count).toBe(5), soon);
  });
});
