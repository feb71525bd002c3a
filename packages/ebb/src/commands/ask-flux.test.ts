import { expect, it } from 'vitest';
import type { ExecOptions } from '../cluster/cluster.ts';
import { onlineBrokers } from './ask-flux.ts';

const target = { namespace: 'ns', name: 'sample' };

/** A pod in which each command of Flux says this, or fails with the status. */
const podThatSays = (status: string | number, list: string | number) => ({
  podOfRank: async () => 'sample-0-abcde',
  exec: async (_namespace: string, _pod: string, { command, stdout, stderr }: ExecOptions) => {
    const said = command.includes('status') ? status : list;
    if (typeof said === 'number') stderr.write('flux-resource: ERROR\n');
    else stdout.write(said);
    return typeof said === 'number' ? said : 0;
  },
});

it.each([
  ['the nodes of one state', podThatSays('4\n', 'free'), 4],
  ['those of all states', podThatSays('3\n1\n', 'free'), 4],
  ['none while Flux does not answer', podThatSays(1, 1), 0],
  ['none while no scheduler can list them', podThatSays('1\n', 1), 0],
  [
    'none without a pod',
    { ...podThatSays('4\n', 'free'), podOfRank: () => Promise.reject(new Error('it has no pod of rank 0 now')) },
    0,
  ],
])('counts %s', async (_name, cluster, count) => expect(await onlineBrokers(cluster, target)).toBe(count));
