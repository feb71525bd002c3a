/** `flux sproc`. */
import { expect, it } from 'vitest';
import { atBothBrokers, type Line } from './both-brokers.ts';

const sproc = (...words: string[]): Line => ({ words: ['sproc', ...words], normalize: (text) => text });

const commandLines = [
  sproc(),
  sproc('--help'),
  sproc('--nosuch'),
  sproc('nosuch'),
  sproc('ps', '--help'),
  sproc('kill', '--help'),
  sproc('wait', '--help'),
  sproc('ps', '-r1'),
  sproc('ps', '-r9'),
  sproc('ps', '-r', 'x'),
  sproc('ps', 'word'),
  sproc('ps', '-o', '{foo}'),
  sproc('ps', '-s', 'nosuch'),
  sproc('ps', '-r2', '-n', '--service=rexec'),
  sproc('kill', '-r1', '15'),
  sproc('kill', '-r1', 'TERM', 'label'),
  sproc('kill', '-r1', '15', 'nosuch'),
  sproc('kill', '-r1', '-w', '15', 'nosuch'),
  sproc('kill', '-r1', '9', '1'),
  sproc('wait', '-r1', 'nosuch'),
  sproc('wait', '-r1', '1'),
  sproc('wait', '-r1'),
];

atBothBrokers('background programs', commandLines, ({ run, same }) => {
  const start = async (label: string, script: string) => {
    const words = ['exec', '-r1', '--bg', '--waitable', `--label=${label}`, 'sh', '-c', script];
    expect((await run('ours', { words })).exitCode).toBe(0);
  };

  it('lists them', async () => {
    await start('listed', 'sleep inf');
    await same(sproc('ps', '-r1'));
    await same(sproc('ps', '-r1', '-n', '-o', '{label:>20} {rank} {state} {cmd} {pid:<9}|'));
    await same(sproc('kill', '-r1', '0', 'listed'));
    await run('ours', { words: ['sproc', 'kill', '-wr1', '9', 'listed'] });
    await same(sproc('ps', '-r1'));
  }, 30_000);

  it.each([
    ['wait', '-r1', 'LABEL'],
    ['wait', '-o', '-r1', 'LABEL'],
    ['kill', '-w', '-r1', '15', 'LABEL'],
  ])(
    'says how they ended: %s %s',
    async (...words) => {
      const results = await Promise.all(
        (['ours', 'theirs'] as const).map(async (whose) => {
          const label = `${words.length}${whose}`;
          await start(label, words[0] === 'kill' ? 'exec sleep inf' : 'echo out; echo err >&2; exit 3');
          return run(whose, { words: ['sproc', ...words.map((word) => (word === 'LABEL' ? label : word))] });
        }),
      );
      expect(results[0]).toEqual(results[1]);
      expect(results[0]!.exitCode).toBe(words[0] === 'kill' ? 143 : 3);
    },
    30_000,
  );
});
