import { expect, it } from 'vitest';
import { encodeProcessTable } from './process-table.ts';

it('orders processes by task and writes numbers as differences', () => {
  const row = (task: number, pid: number, rank: number) => ({ task, pid, rank, host: `h${rank}`, executable: 'a' });
  expect(encodeProcessTable([row(2, 90, 4), row(0, 100, 3), row(1, 101, 3)])).toEqual({
    hosts: ['h3', 'h3', 'h4'],
    executables: ['a', 'a', 'a'],
    ids: [0, 1, 1],
    pids: [100, 1, -11],
    ranks: [3, 0, 1],
  });
});
