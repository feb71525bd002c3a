import { describe, expect, it } from 'vitest';
import { HeldTokens, renewalOf, type Token } from './held-tokens.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('a token', () => {
  it.each([
    ['of an hour, after 48 minutes', hour, 48 * minute],
    ['of ten minutes, after eight', 10 * minute, 8 * minute],
    ['of a year, after a day', 365 * 24 * hour, 24 * hour],
  ])('%s is made anew', (_, lifetimeMs, after) => {
    expect(renewalOf({ text: '', expiresAt: 1000 + lifetimeMs, lifetimeMs })).toBe(1000 + after);
  });
});

describe('tokens that are held', () => {
  const clock = { now: 0 };
  const asked: string[] = [];
  let isAway = false;
  const request = async (account: string, audience: string | undefined, seconds: number): Promise<Token> => {
    if (isAway) throw new Error('away');
    asked.push(`${account} ${audience} ${seconds}`);
    return { text: `token ${asked.length}`, expiresAt: clock.now + seconds * 1000, lifetimeMs: seconds * 1000 };
  };
  const tokens = new HeldTokens(request, () => new Date(clock.now));

  it('are asked for once, one for each account, audience and life', async () => {
    expect(tokens.nextRenewal).toBeUndefined();
    expect(await tokens.get('default', undefined, 3600)).toBe('token 1');
    expect(await tokens.get('default', undefined, 3600)).toBe('token 1');
    expect(await tokens.get('default', 'vault', 600)).toBe('token 2');
    expect(asked).toEqual(['default undefined 3600', 'default vault 600']);
    expect(tokens.nextRenewal).toBe(8 * minute);
  });

  it('are renewed in time, and the old one serves while no new one is to be had', async () => {
    clock.now = 9 * minute;
    isAway = true;
    expect(await tokens.get('default', 'vault', 600)).toBe('token 2');
    isAway = false;
    expect(await tokens.get('default', 'vault', 600)).toBe('token 3');
    expect(tokens.nextRenewal).toBe(17 * minute);
    expect(await tokens.get('default', undefined, 3600)).toBe('token 1');
  });

  it('are not served past their end', async () => {
    clock.now = 2 * hour;
    isAway = true;
    await expect(tokens.get('default', 'vault', 600)).rejects.toThrow('away');
  });
});
