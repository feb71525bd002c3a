/** `flux job hostpids`, and what `flux job` says of itself. */
import { it } from 'vitest';
import { atBothBrokers, type Line } from './both-brokers.ts';

const hostpids = (...words: string[]): Line => ({ words: ['job', 'hostpids', ...words], normalize: (text) => text });

const commandLines = [
  hostpids('--help'),
  hostpids(),
  hostpids('f1', 'f2'),
  hostpids('--nosuch'),
  hostpids('-t', 'soon', 'f1'),
  hostpids('-r', '0,x', 'f1'),
  hostpids('f1'),
  hostpids('no!id'),
  { words: ['job'] },
  { words: ['job', '--help'] },
  { words: ['job', '--nosuch'] },
  { words: ['job', 'nosuch'] },
];

atBothBrokers('processes of jobs', commandLines, ({ run, same }) => {
  it('shows them in order of tasks', async () => {
    const id = (await run('ours', { words: ['submit', '-N3', '-n5', 'sleep', 'inf'] })).stdout.trim();
    await same(hostpids(id));
    await same(hostpids('-d', '\\n', id));
    await same(hostpids('--delimiter= ', '-r1-2,4', '-t30s', id));
    await same(hostpids('-r99', id));
    await run('ours', { words: ['cancel', id] });
    await run('ours', { words: ['job', 'wait-event', id, 'clean'] });
    await same(hostpids(id));
    const held = (await run('theirs', { words: ['submit', '--urgency=hold', 'true'] })).stdout.trim();
    await same(hostpids('-t', '0.1s', held));
    await run('theirs', { words: ['cancel', held] });
  }, 60_000);
});
