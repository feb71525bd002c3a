import { buildJobspec, Idset, ResourceSet } from '@ebb/flux-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distribute, layOutTasks } from './task-layout.ts';

describe('tasks over nodes', () => {
  it.each([
    [4, 1, [4, 4], [2, 2]],
    [3, 1, [4, 4], [2, 1]],
    [3, 1, [1, 2], [1, 2]],
    [5, 1, [2, 4], [2, 3]],
    [2, 4, [4, 4], [1, 1]],
    [6, 1, [2, 2], [3, 3]],
    [1, 1, [2, 4], [0, 1]],
    [2, 8, [4, 4], [1, 1]],
    [0, 1, [4], [0]],
  ])('%i tasks of %i cores on %j are %j', (ntasks, size, cores, expected) => {
    expect(distribute(ntasks, size, cores)).toEqual(expected);
  });

  it('places every task, whatever the sizes', () => {
    const nodes = fc.array(fc.nat(16), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(200), fc.nat(20), nodes, (ntasks, size, cores) => {
        const sum = distribute(ntasks, size, cores).reduce((total, count) => total + count, 0);
        expect(sum).toBe(ntasks);
      }),
    );
  });

  it('maps a jobspec to the ranks of its allocation', () => {
    const jobspec = buildJobspec({ command: ['true'], tasks: 4 });
    const allocation = ResourceSet.ofHosts(['a', 'b'], Idset.parse('0-1'), Idset.empty, 2);
    const { ranks, counts, taskmap } = layOutTasks(jobspec, allocation);
    expect({ ranks, counts, tasks: taskmap.taskCount }).toEqual({ ranks: [2, 3], counts: [2, 2], tasks: 4 });
  });
});
