import { expect, it } from 'vitest';
import { decodeProcessTable, numbersOf } from './decode.ts';

it('reads what flux-core 0.88 wrote of seven tasks on four brokers of a host', () => {
  const table = {
    hosts: [['vm', [[-1, -6]]]],
    ids: [[0, 6]],
    pids: [[2434, 1], [-4, 1], -3, 4, -3],
  } as const;
  const pids = [2434, 2435, 2431, 2432, 2429, 2433, 2430];
  expect(decodeProcessTable(table)).toEqual(pids.map((pid, task) => ({ task, pid, host: 'vm' })));
});

it('repeats ranges and runs, each from where the one before ended', () => {
  expect(numbersOf([[0, -1], [1, -1, 1], 1])).toEqual([0, 0, 1, 1, 2, 2, 3]);
  expect(numbersOf([[5, 1, 2]])).toEqual([5, 6, 11, 12, 17, 18]);
});

it('reads hosts with numbers and without', () => {
  const table = { hosts: ['a', ['n', [8, [1, 1]]]], ids: [[0, 3]], pids: [1, 1, 1, 1] } as const;
  expect(decodeProcessTable(table).map(({ host }) => host)).toEqual(['a', 'n8', 'n9', 'n10']);
});
