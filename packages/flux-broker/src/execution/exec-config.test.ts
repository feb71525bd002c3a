import { describe, expect, it } from 'vitest';
import { effectiveMaxKillTimeout, execConfig } from './exec-config.ts';
import { expirationOf } from './expiration.ts';

describe('execConfig', () => {
  it('has the defaults of flux-config-exec(5)', () => {
    expect(execConfig({})).toEqual({
      termSignal: 15,
      killSignal: 9,
      killTimeout: 5,
      maxKillCount: 8,
      maxKillTimeout: undefined,
      maxStartDelayPercent: 25,
    });
  });

  it('takes the table, and before it the arguments', () => {
    const exec = { 'kill-timeout': '1m', 'term-signal': 'SIGUSR1', 'kill-signal': 'int', 'max-kill-timeout': '10m' };
    expect(execConfig({ exec }, ['kill-timeout=2s', 'max-kill-count=3'])).toMatchObject({
      termSignal: 10,
      killSignal: 2,
      killTimeout: 2,
      maxKillCount: 3,
      maxKillTimeout: 600,
    });
  });

  it.each([
    [{ 'kill-timeout': 'soon' }, 'invalid kill-timeout: soon'],
    [{ 'kill-timeout': '0s' }, 'invalid kill-timeout: 0s'],
    [{ 'kill-signal': 'SIGNUTS' }, 'invalid kill-signal: SIGNUTS'],
    [{ 'max-kill-count': 0 }, 'invalid max-kill-count=0'],
  ])('%j: %s', (exec, message) => {
    expect(() => execConfig({ exec })).toThrow(message);
  });
});

it('adds up how long a job may take to end', () => {
  expect(effectiveMaxKillTimeout(execConfig({}))).toBe(25 + 5 + 10 + 20 + 40 + 80 + 160 + 300);
  expect(effectiveMaxKillTimeout(execConfig({ exec: { 'max-kill-timeout': '1m' } }))).toBe(60);
});

describe('expirationOf', () => {
  it.each([
    [{ expiration: 0, startTime: 100 }, 130, 0],
    [{ expiration: 200, startTime: 100 }, 110, 200],
    [{ expiration: 200, startTime: 100 }, 130, 230],
    [{ expiration: 200, startTime: 0 }, 130, 200],
  ])('%j accepted at %d ends at %d', (times, acceptedAt, end) => {
    expect(expirationOf(times, acceptedAt, 25)).toBe(end);
  });
});
