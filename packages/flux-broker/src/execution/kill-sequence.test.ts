import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { execConfig } from './exec-config.ts';
import { KillSequence } from './kill-sequence.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function sequence(exec: object) {
  const seen: string[] = [];
  const start = Date.now();
  const note = (text: string) => seen.push(`${(Date.now() - start) / 1000} ${text}`);
  const kill = new KillSequence(execConfig({ exec }), {
    signal: (signum) => note(`signal ${signum}`),
    giveUp: () => note('give up'),
  });
  return { kill, seen };
}

it('signals at the timeout, then at growing intervals, and gives up at the count', () => {
  const { kill, seen } = sequence({ 'kill-timeout': '1s', 'max-kill-count': 3 });
  kill.start();
  vi.advanceTimersByTime(12_000);
  const signals = [1, 2, 3, 4, 5, 5, 7, 11].map((at) => `${at} signal 9`);
  expect(seen).toEqual([...signals, '11 give up']);
  expect(kill).toMatchObject({ killCount: 5, killShellCount: 3, killTimeout: 8 });
});

it('gives up at a time where there is one', () => {
  const { kill, seen } = sequence({ 'kill-timeout': '1s', 'max-kill-count': 1, 'max-kill-timeout': '5.5s' });
  kill.start();
  vi.advanceTimersByTime(6000);
  expect(seen.at(-1)).toBe('5.5 give up');
  kill.stop();
  vi.advanceTimersByTime(60_000);
  expect(seen.at(-1)).toBe('5.5 give up');
});
