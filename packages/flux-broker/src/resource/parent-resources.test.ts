import { Idset, ResourceSet } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { fitToBrokers } from './parent-resources.ts';

const job = ResourceSet.ofHosts(['b', 'a'], Idset.parse('2-3'), Idset.empty, 5);

describe('fitToBrokers', () => {
  it('gives hosts the ranks of their brokers and ids from 0 on', () => {
    const fitted = fitToBrokers(job, ['a', 'b'])!;
    expect([...fitted.ranks].map((rank) => `${rank} ${fitted.host(rank)} ${fitted.cores(rank)}`)).toEqual([
      '0 a 0-1',
      '1 b 0-1',
    ]);
  });

  it('keeps the order where host names say nothing', () => {
    expect(fitToBrokers(job, ['x', 'x'])!.hosts).toEqual(['b', 'a']);
    expect(fitToBrokers(job, ['x', 'y'])!.hosts).toEqual(['b', 'a']);
  });

  it('has nothing to say where the brokers are not one on each node', () => {
    expect(fitToBrokers(job, ['a'])).toBeUndefined();
  });
});
