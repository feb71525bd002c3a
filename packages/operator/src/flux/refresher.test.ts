import { expect, it, vi } from 'vitest';
import { Refresher } from './refresher.ts';

const soon = { timeout: 3000, interval: 2 };

function refresher(ask: () => Promise<void>, lastLooksMs: readonly number[]) {
  const errors: Error[] = [];
  const { signal } = new AbortController();
  return {
    errors,
    it: new Refresher({ ask, pauseMs: 1, lastLooksMs, signal, onError: (error) => errors.push(error) }),
  };
}

it('sees a number that follows what was said of it', async () => {
  let number = 0;
  let seen = -1;
  let asked = 0;
  const { it: asks } = refresher(async () => {
    asked += 1;
    seen = number;
  }, [20, 20]);
  asks.schedule();
  await vi.waitFor(() => expect(asked).toBe(1), soon);
  number = 1;
  await vi.waitFor(() => expect(seen).toBe(1), soon);
  await vi.waitFor(() => expect(asked).toBe(3), soon);
  // Then it is silent until something is said again.
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(asked).toBe(3);
});

it('asks after the last of many things that are said at once, and not for each of them', async () => {
  let said = 0;
  let heard = 0;
  let asked = 0;
  const { it: asks } = refresher(async () => {
    asked += 1;
    const now = said;
    await new Promise((resolve) => setTimeout(resolve, 1));
    heard = now;
  }, []);
  for (let turn = 0; turn < 500; turn++) {
    said += 1;
    asks.schedule();
    if (turn % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await vi.waitFor(() => expect(heard).toBe(500), soon);
  expect(asked).toBeLessThan(100);
});

it('goes on with the next thing after an error', async () => {
  let asked = 0;
  const { it: asks, errors } = refresher(async () => {
    asked += 1;
    if (asked === 1) throw new Error('down');
  }, []);
  asks.schedule();
  await vi.waitFor(() => expect(errors).toHaveLength(1), soon);
  asks.schedule();
  await vi.waitFor(() => expect(asked).toBe(2), soon);
});
