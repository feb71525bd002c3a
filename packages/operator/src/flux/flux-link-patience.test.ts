import { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ExecOptions, KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { FluxLink } from './flux-link.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a relay that is slow to speak gets twice the time at each try, and no try is left open', async () => {
  const began: number[] = [];
  const given: number[] = [];
  const exec = async ({ signal }: ExecOptions) => {
    began.push(Date.now());
    signal?.addEventListener('abort', () => given.push(Date.now()));
    return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  };
  const errors: string[] = [];
  const link = new FluxLink({
    api: { exec } as unknown as KubernetesApi,
    target: { namespace: 'ns', pod: 'lead', container: 'main', command: ['flux', 'relay'] },
    watchesQueue: false,
    onChange: () => {},
    onError: (error) => errors.push(error.message),
  });
  await vi.advanceTimersByTimeAsync(200_000);
  link.close();
  const seconds = given.slice(0, 4).map((at, index) => Math.round((at - began[index]!) / 1000));
  expect(seconds).toEqual([12, 24, 48, 60]);
  expect(given.length).toBe(began.length);
  expect(new Set(errors)).toEqual(new Set(['the relay to the lead broker does not answer']));
});
