import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConstraint } from './constraint.ts';
import { FormatError } from './format-error.ts';
import { Idset } from './idset.ts';
import { ResourceSet } from './resource-set.ts';

const r = (lite: unknown, more: object = {}) => ({ version: 1, execution: { R_lite: lite, ...more } });
const sample = ResourceSet.parse(
  r([{ rank: '0-3', children: { core: '0-7', gpu: '0-1' } }], {
    starttime: 0,
    expiration: 0,
    nodelist: ['host[0-3]'],
    properties: { big: '0-1' },
  }),
);

// Sets over one world of hosts, so that they can be joined.
const arbitrarySet = fc
  .uniqueArray(
    fc.record({
      rank: fc.nat(12),
      cores: fc.uniqueArray(fc.nat(7), { minLength: 1 }),
      gpus: fc.uniqueArray(fc.nat(3)),
    }),
    {
      selector: ({ rank }) => rank,
      maxLength: 10,
    },
  )
  .map((nodes) => {
    const sorted = nodes.toSorted((a, b) => a.rank - b.rank);
    const lite = sorted.map(({ rank, cores, gpus }) => ({
      rank: `${rank}`,
      children: { core: `${Idset.of(cores)}`, ...(gpus.length > 0 ? { gpu: `${Idset.of(gpus)}` } : {}) },
    }));
    const even = Idset.of(sorted.map(({ rank }) => rank).filter((rank) => rank % 2 === 0));
    return ResourceSet.parse(
      r(lite, {
        nodelist: sorted.map(({ rank }) => `node${rank}`),
        ...(even.size > 0 ? { properties: { even: `${even}` } } : {}),
      }),
    );
  });

describe('resource sets', () => {
  it('count and name what they hold', () => {
    expect([sample.nodeCount, sample.coreCount, sample.gpuCount]).toEqual([4, 32, 8]);
    expect(sample.hosts).toEqual(['host0', 'host1', 'host2', 'host3']);
    expect([sample.host(2), sample.host(9)]).toEqual(['host2', undefined]);
    expect([sample.cores(1).toString(), sample.gpus(9).size]).toEqual(['0-7', 0]);
  });

  it('give hosts to ranks in the order of the ranks, whatever that of the entries', () => {
    const lite = [
      { rank: '3', children: { core: '0' } },
      { rank: '0-1', children: { core: '0-1' } },
    ];
    const set = ResourceSet.parse(r(lite, { nodelist: ['a', 'b', 'c'] }));
    expect([set.host(0), set.host(1), set.host(3)]).toEqual(['a', 'b', 'c']);
  });

  it('are what they print', () => {
    fc.assert(
      fc.property(arbitrarySet, (set) => {
        const printed = JSON.stringify(set);
        expect(ResourceSet.parse(printed).equals(set)).toBe(true);
        expect(JSON.stringify(ResourceSet.parse(printed))).toBe(printed);
      }),
    );
    expect(ResourceSet.empty().toJSON().execution).toMatchObject({ R_lite: [], nodelist: [] });
  });

  it('join, meet and differ as sets do', () => {
    fc.assert(
      fc.property(arbitrarySet, arbitrarySet, (a, b) => {
        expect(a.subtract(b).union(a.intersect(b)).equals(a)).toBe(true);
        expect(a.union(b).equals(b.union(a))).toBe(true);
        expect(a.intersect(b).subtract(b).nodeCount).toBe(0);
        expect(a.subtract(a).nodeCount).toBe(0);
        expect(a.union(b).coreCount).toBe(a.coreCount + b.coreCount - a.intersect(b).coreCount);
        expect(a.pick(b.ranks).ranks.equals(a.ranks.intersect(b.ranks))).toBe(true);
        expect(a.remove(b.ranks).union(a.pick(b.ranks)).equals(a)).toBe(true);
      }),
    );
  });

  it('find the ranks that fit a constraint', () => {
    const matching = (constraint: unknown) => sample.matching(parseConstraint(constraint)).toString();
    expect(matching({ properties: ['big'] })).toBe('0-1');
    expect(matching({ not: [{ properties: ['big'] }] })).toBe('2-3');
    expect(matching({ and: [{ hostlist: ['host[1-3]'] }, { ranks: ['0-1'] }] })).toBe('1');
    expect(matching({ properties: ['host2'] })).toBe('2');
    expect(matching({})).toBe('0-3');
  });

  it('take properties, other ranks and times', () => {
    const set = sample
      .withProperty('new', Idset.of([3, 9]))
      .pick(Idset.of([1, 3]))
      .remapped(10);
    expect(set.ranks.toString()).toBe('10-11');
    expect(set.hosts).toEqual(['host1', 'host3']);
    expect([...set.properties].map(([name, ranks]) => `${name} ${ranks}`)).toEqual(['big 10', 'new 11']);
    expect(sample.withDetails({ expiration: 5 }).toJSON().execution.expiration).toBe(5);
    expect(() => sample.withProperty('a|b', Idset.empty)).toThrow(RangeError);
  });

  it.each<[string, unknown, string]>([
    ['no object', 5, 'the value'],
    ['another version', { version: 2 }, 'version'],
    ['no execution', { version: 1 }, 'execution'],
    ['no R_lite', r(undefined), 'execution.R_lite'],
    ['a rank that is none', r([{ rank: 'x', children: {} }]), 'execution.R_lite[0].rank'],
    ['cores that are none', r([{ rank: '0', children: { core: '3-1' } }]), 'execution.R_lite[0].children.core'],
    [
      'a rank twice',
      r([
        { rank: '0-1', children: {} },
        { rank: '1', children: {} },
      ]),
      'execution.R_lite[1].rank',
    ],
    ['too many ranks', r([{ rank: '0-4294967294', children: {} }]), 'execution.R_lite[0].rank'],
    ['too few hosts', r([{ rank: '0-1', children: {} }], { nodelist: ['a'] }), 'execution.nodelist'],
    ['hosts that are none', r([{ rank: '0', children: {} }], { nodelist: ['a['] }), 'execution.nodelist[0]'],
    ['a property of nobody', r([{ rank: '0', children: {} }], { properties: { x: '1' } }), 'execution.properties.x'],
    [
      'a property without name',
      r([{ rank: '0', children: {} }], { properties: { 'a&b': '0' } }),
      'execution.properties.a&b',
    ],
    ['a time before time', r([], { expiration: -1 }), 'execution.expiration'],
  ])('refuse %s and name the place', (_, value, path) => {
    expect(() => ResourceSet.parse(value)).toThrow(FormatError);
    try {
      ResourceSet.parse(value);
    } catch (error) {
      expect(error).toMatchObject({ format: 'R', path });
    }
  });
});
