import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Topology } from './topology.ts';

describe('topology', () => {
  it.each([
    ['kary:2', 16, 1, 0, [3, 4], 7],
    ['kary:2', 16, 2, 0, [5, 6], 6],
    ['kary:1', 16, 0, -1, [1], 15],
    ['kary:0', 4, 0, -1, [1, 2, 3], 3],
    ['mincrit:2', 7, 1, 0, [3, 5], 2],
    ['binomial', 8, 4, 0, [5, 6], 3],
    ['binomial', 4, 2, 0, [3], 1],
  ])('%s of %i: rank %i', (scheme, size, rank, parent, children, descendants) => {
    const topology = Topology.create(scheme, size);
    expect(topology.parent(rank)).toBe(parent);
    expect(topology.children(rank)).toEqual(children);
    expect(topology.descendantCount(rank)).toBe(descendants);
  });

  it('is flat by default for custom, and follows parents by name', () => {
    expect(Topology.create('custom', 4).children(0)).toEqual([1, 2, 3]);
    const hosts = [{ host: 'a' }, { host: 'b' }, { host: 'c', parent: 'b' }];
    expect(Topology.create('custom', 3, hosts).subtree(0)).toEqual({
      rank: 0,
      size: 3,
      children: [{ rank: 1, size: 2, children: [{ rank: 2, size: 1, children: [] }] }],
    });
  });

  it.each([
    ['kary:x', 'kary k value must be an integer >= 0'],
    ['ring', "unknown topology scheme 'ring'"],
    ['binomial:2', "unknown binomial topology directive: '2'"],
  ])('refuses %s', (scheme, message) => {
    expect(() => Topology.create(scheme, 4)).toThrow(message);
  });

  it('refuses a cycle of parents', () => {
    const hosts = [{ host: 'a' }, { host: 'b', parent: 'c' }, { host: 'c', parent: 'b' }];
    expect(() => Topology.create('custom', 3, hosts)).toThrow('violates rule against cycles');
  });

  it('is a tree over all ranks whatever the scheme', () => {
    const scheme = fc.oneof(
      fc.nat(9).map((k) => `kary:${k}`),
      fc.nat(9).map((k) => `mincrit:${k}`),
      fc.constantFrom('binomial', 'mincrit'),
    );
    fc.assert(
      fc.property(scheme, fc.integer({ min: 1, max: 300 }), (name, size) => {
        const topology = Topology.create(name, size);
        expect(topology.descendantCount(0)).toBe(size - 1);
        for (let rank = 1; rank < size; rank++) {
          const parent = topology.parent(rank);
          expect(topology.children(parent)).toContain(rank);
          expect(topology.childRoute(parent, rank)).toBe(rank);
        }
        expect(topology.subtree(0).size).toBe(size);
      }),
    );
  });
});
