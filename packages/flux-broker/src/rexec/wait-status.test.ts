import { describe, expect, it } from 'vitest';
import { waitStatus } from './wait-status.ts';

describe('a wait status', () => {
  it.each([
    [0, null, 0],
    [1, null, 0x100],
    [127, null, 0x7f00],
    [255, null, 0xff00],
    [null, 'SIGTERM', 15],
    [null, 'SIGKILL', 9],
  ] as const)('of code %s and signal %s is %i', (code, signal, expected) => {
    expect(waitStatus(code, signal)).toBe(expected);
  });
});
