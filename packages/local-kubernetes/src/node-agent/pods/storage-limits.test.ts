import { describe, expect, it } from 'vitest';
import type { Pod } from '../pod-types.ts';
import { hasStorageLimits, storageBreach } from './storage-limits.ts';

const container = (name: string, limit?: string) => ({
  name,
  image: 'host',
  ...(limit ? { resources: { limits: { 'ephemeral-storage': limit } } } : {}),
});
const pod = (containers: object[], volumes: object[] = []) => ({ metadata: {}, spec: { containers, volumes } }) as Pod;
const use = (volumes: Record<string, number>, containers: Record<string, number>) => ({
  volumes: new Map(Object.entries(volumes)),
  containers: new Map(Object.entries(containers)),
});
const scratch = { name: 'scratch', emptyDir: { sizeLimit: '1Mi' } };

describe('a pod that writes', () => {
  it.each([
    ['to a volume, within its limit', pod([container('a')], [scratch]), use({ scratch: 1 << 20 }, {}), undefined],
    [
      'to a volume, past its limit',
      pod([container('a')], [scratch]),
      use({ scratch: (1 << 20) + 1 }, {}),
      'Usage of EmptyDir volume "scratch" exceeds the limit "1Mi". ',
    ],
    ['with no limit', pod([container('a')]), use({ other: 1e9 }, { a: 1e9 }), undefined],
    ['within the limit of its container', pod([container('a', '2M')]), use({}, { a: 2e6 }), undefined],
    [
      'past the limit of one container, not of both',
      pod([container('a', '2M'), container('b', '2M')]),
      use({}, { a: 3e6, b: 0 }),
      'Container a exceeded its local ephemeral storage limit "2M". ',
    ],
    [
      'past the limits of all, in volumes and containers together',
      pod([container('a', '2Mi'), container('b', '1Mi')], [{ name: 'v', emptyDir: {} }]),
      use({ v: 2 << 20 }, { a: 1 << 20, b: 1 << 10 }),
      'Pod ephemeral local storage usage exceeds the total limit of containers 3Mi. ',
    ],
  ])('%s', (_, of, seen, expected) => {
    expect(storageBreach(of, seen)).toBe(expected);
  });

  it('is looked at only when it has limits', () => {
    expect(hasStorageLimits(pod([container('a', '1M')]))).toBe(true);
    expect(hasStorageLimits(pod([container('a')], [scratch]))).toBe(true);
    expect(
      hasStorageLimits(pod([container('a')], [{ name: 'm', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }])),
    ).toBe(false);
    expect(hasStorageLimits(pod([container('a')], [{ name: 'e', emptyDir: {} }]))).toBe(false);
  });
});
