import { describe, expect, it } from 'vitest';
import { limitsOf } from './container-limits.ts';

describe('the limits that resources mean', () => {
  const of = (resources: object) => limitsOf({ resources });

  it('are those of kubelet', () => {
    expect(of({ limits: { memory: '1Gi', cpu: '1500m' } })).toEqual({
      memoryBytes: 2 ** 30,
      quota: 150_000,
      shares: 1536,
    });
    expect(of({ requests: { cpu: '100m', memory: '1Gi' } })).toEqual({ shares: 102 });
    expect(of({ limits: { cpu: '1m' } })).toEqual({ quota: 1000, shares: 2 });
    expect(of({})).toEqual({ shares: 2 });
    const pod = { memory: '2Gi', cpu: '1' };
    const container = { resources: { limits: { memory: '1Gi' } } };
    expect(limitsOf(container, pod)).toEqual({ memoryBytes: 2 ** 30, quota: 100_000, shares: 2 });
    expect(limitsOf({ resources: { limits: pod } })).toEqual({ memoryBytes: 2 ** 31, quota: 100_000, shares: 1024 });
  });
});
