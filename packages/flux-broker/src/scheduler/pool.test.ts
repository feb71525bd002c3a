import { Idset, parseConstraint, ResourceSet } from '@ebb/flux-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Allocation, type Demand, Pool } from './pool.ts';

const cores = (count: number): Idset => Idset.range(0, count - 1);

function pool(nodes: number, coresEach: number, gpusEach = 0): Pool {
  const hosts = Array.from({ length: nodes }, (_, rank) => `node${rank}`);
  const made = new Pool(ResourceSet.ofHosts(hosts, cores(coresEach), gpusEach > 0 ? cores(gpusEach) : Idset.empty));
  made.setUp(Idset.range(0, nodes - 1), true);
  return made;
}

function demand(more: Partial<Demand>): Demand {
  return { nodes: 0, slots: 1, coresPerSlot: 1, gpusPerSlot: 0, isExclusive: false, constraint: undefined, ...more };
}

function show(allocation: Allocation | undefined): string | undefined {
  return (
    allocation &&
    [...allocation]
      .map(([rank, { cores: each, gpus }]) => `${rank}:${each}${gpus.size > 0 ? `/${gpus}` : ''}`)
      .join(' ')
  );
}

describe('room for a job', () => {
  // Seen at flux-core 0.88 with four ranks.
  test.each<[string, Partial<Demand>, string | undefined]>([
    ['slots fill a node before the next', { slots: 3 }, '0:0-1 1:0'],
    ['slots of two cores', { slots: 2, coresPerSlot: 2 }, '0:0-1 1:0-1'],
    ['nodes', { nodes: 3, slots: 3 }, '0:0 1:0 2:0'],
    ['slots on each of two nodes', { nodes: 2, slots: 4 }, '0:0-1 1:0-1'],
    ['whole nodes', { nodes: 2, slots: 2, isExclusive: true }, '0:0-1 1:0-1'],
    ['a constraint', { slots: 1, constraint: parseConstraint({ ranks: ['2-3'] }) }, '2:0'],
    ['more than there is', { slots: 9 }, undefined],
    ['a slot larger than a node', { slots: 1, coresPerSlot: 3 }, undefined],
    ['gpus where there are none', { slots: 1, gpusPerSlot: 1 }, undefined],
  ])('%s', (_, wanted, found) => {
    expect(show(pool(4, 2).find(demand(wanted)))).toBe(found);
  });

  test('the node with most free cores comes first', () => {
    const some = pool(3, 4);
    some.take(new Map([[0, { cores: cores(2), gpus: Idset.empty }]]));
    some.take(new Map([[1, { cores: cores(1), gpus: Idset.empty }]]));
    expect(show(some.find(demand({ slots: 1 })))).toBe('2:0');
    expect(show(some.find(demand({ slots: 6 })))).toBe('2:0-3 1:1-2');
  });

  test('gpus go with the slots', () => {
    expect(show(pool(2, 4, 2).find(demand({ slots: 3, gpusPerSlot: 1 })))).toBe('0:0-1/0-1 1:0/0');
  });

  test('an exclusive job takes no node that somebody is on', () => {
    const some = pool(2, 2);
    some.take(new Map([[0, { cores: cores(1), gpus: Idset.empty }]]));
    expect(show(some.find(demand({ nodes: 1, isExclusive: true })))).toBe('1:0-1');
    expect(some.find(demand({ nodes: 2, slots: 2, isExclusive: true }))).toBeUndefined();
  });

  test('ranks that are down, or gone', () => {
    const some = pool(2, 2);
    some.setUp(Idset.of([0]), false);
    expect(show(some.find(demand({ slots: 1 })))).toBe('1:0');
    expect(some.whyNever(demand({ slots: 4 }))).toBeUndefined();
    some.remove(Idset.of([0]));
    expect(some.whyNever(demand({ slots: 4 }))).toContain('need 4 slot(s)');
  });
});

// The sentences are those of flux-core 0.88.
test.each<[Partial<Demand>, string]>([
  [{ slots: 99 }, 'need 99 slot(s) of 1 core(s), only 8 such slot(s) available (total cores: 8)'],
  [{ nodes: 5, slots: 5 }, 'need 5 node(s) with 1 cores each, only 4 eligible'],
  [{ nodes: 1, slots: 1, gpusPerSlot: 1 }, 'need 1 node(s) with 1 cores and 1 GPUs each, only 0 eligible'],
  [{ nodes: 5, slots: 5, isExclusive: true }, 'need 5 exclusive node(s), only 4 eligible'],
  [{ slots: 1, gpusPerSlot: 2 }, 'need 1 slot(s) with 2 GPU(s) each, only 0 available (total GPUs: 0)'],
])('why %j can never be met', (wanted, reason) => {
  expect(pool(4, 2).whyNever(demand(wanted))).toBe(`unsatisfiable request: ${reason}`);
});

test('nothing is given twice, and all comes back', () => {
  const some = fc.record({
    nodes: fc.integer({ min: 0, max: 3 }),
    each: fc.integer({ min: 1, max: 3 }),
    coresPerSlot: fc.integer({ min: 1, max: 3 }),
    isExclusive: fc.boolean(),
    isFreed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 40 }), (steps) => {
      const resources = pool(4, 4);
      const held: Allocation[] = [];
      for (const { nodes, each, coresPerSlot, isExclusive, isFreed } of steps) {
        if (isFreed && held.length > 0) {
          resources.release(held.splice(each % held.length, 1)[0]!);
          continue;
        }
        const found = resources.find(demand({ nodes, slots: Math.max(nodes, 1) * each, coresPerSlot, isExclusive }));
        if (!found) continue;
        for (const [rank, { cores: mine }] of found) {
          for (const other of held) expect(other.get(rank)?.cores.intersect(mine).size ?? 0).toBe(0);
        }
        resources.take(found);
        held.push(found);
      }
      const used = held.reduce(
        (sum, each) => sum + [...each.values()].reduce((all, { cores: c }) => all + c.size, 0),
        0,
      );
      expect(resources.freeCores).toBe(16 - used);
      for (const each of held) resources.release(each);
      expect(show(resources.find(demand({ slots: 16 })))).toBe('0:0-3 1:0-3 2:0-3 3:0-3');
    }),
  );
});
