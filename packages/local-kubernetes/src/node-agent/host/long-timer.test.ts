import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, longestTimerMs } from './long-timer.ts';

const dayMs = 24 * 3600 * 1000;

describe('a timer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([0, 1000, longestTimerMs, longestTimerMs + 1, 365 * dayMs])('of %d ms ends then, not before', (ms) => {
    const action = vi.fn();
    after(ms, action);
    if (ms > 0) vi.advanceTimersByTime(ms - 1);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(365 * dayMs);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('that is stopped, early or late, does nothing', () => {
    const action = vi.fn();
    const stop = after(100 * dayMs, action);
    vi.advanceTimersByTime(60 * dayMs);
    stop();
    vi.advanceTimersByTime(365 * dayMs);
    expect(action).not.toHaveBeenCalled();
  });
});
