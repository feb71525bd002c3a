import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareHosts } from './host-order.ts';
import { intersection, minus, symmetricDifference, unique, without } from './host-sets.ts';

const hosts = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'b', 'ab', 'a0'), fc.constantFrom('', '1', '01', '2', '10'))
    .map((parts) => parts.join('')),
);

describe('sets of hosts', () => {
  it('sorts numbers of one width by value, others by width', () => {
    expect(['b10', 'b9', 'b09', 'b', 'a'].toSorted(compareHosts)).toEqual(['a', 'b', 'b9', 'b09', 'b10']);
  });

  it('keeps what sets keep', () => {
    fc.assert(
      fc.property(hosts, hosts, (left, right) => {
        const [a, b] = [new Set(left), new Set(right)];
        expect(new Set(intersection(left, right))).toEqual(new Set([...a].filter((host) => b.has(host))));
        const one = [...a, ...b].filter((host) => a.has(host) !== b.has(host));
        expect(new Set(symmetricDifference(left, right))).toEqual(new Set(one));
        expect(without(left, right)).toEqual(left.filter((host) => !b.has(host)));
        expect(minus([...left, ...right], right)).toHaveLength(left.length);
        expect(unique(left)).toEqual(unique(unique([...left].reverse())));
      }),
    );
  });
});
