import { ApiException } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { patiently } from './patiently.ts';

const refusal = (code: number, headers = {}) => new ApiException(code, 'not now', { message: 'not now' }, headers);

/** Refuses so often, then answers. */
function server(times: number, error: Error) {
  let asked = 0;
  return {
    ask: async () => {
      asked += 1;
      if (asked <= times) throw error;
      return 'answer';
    },
    asked: () => asked,
  };
}

describe('a request that a server wants to have later', () => {
  it('is made again', async () => {
    const { ask, asked } = server(2, refusal(429, { 'retry-after': '0' }));
    expect(await patiently(ask)).toBe('answer');
    expect(asked()).toBe(3);
  });

  it('is given up at last', async () => {
    const { ask, asked } = server(100, refusal(429, { 'retry-after': '0' }));
    await expect(patiently(ask)).rejects.toMatchObject({ code: 429 });
    expect(asked()).toBe(10);
  });

  it.each([
    ['any other refusal', refusal(404, { 'retry-after': '0' })],
    ['one that names no time', refusal(429)],
    ['a connection that fails', new Error('socket hang up')],
  ])('is not made again for %s', async (_, error) => {
    const { ask, asked } = server(1, error);
    await expect(patiently(ask)).rejects.toBe(error);
    expect(asked()).toBe(1);
  });
});
