/** `flux event`. */
import { expect, it } from 'vitest';
import { atBothBrokers } from './both-brokers.ts';

const commandLines = [
  [],
  ['--help'],
  ['--nosuch'],
  ['nosuch'],
  ['pub'],
  ['pub', '--help'],
  ['pub', '--nosuch'],
  ['pub', 'test.a'],
  ['pub', 'test.a', '{"a":1}'],
  ['pub', '-l', 'test.a', '{"a": 1}'],
  ['pub', '-l', 'test.a'],
  ['pub', '-sl', 'test.a', '[1,', '2]'],
  ['pub', '-lr', 'test.a', 'x', 'y'],
  ['pub', '-slr', 'test.a', 'x'],
  ['pub', '-slrp', 'test.a', 'x'],
  ['sub', '--help'],
  ['sub', '-c', 'x'],
  ['sub', '-c', '1', 'heartbeat.pulse', 'heartbeat'],
];

atBothBrokers(
  'events',
  commandLines.map((words) => ({
    words: ['event', ...words],
    normalize: (text) => text.replaceAll(/seq=\d+/g, 'seq=N'),
  })),
  ({ run }) => {
    it('shows the same of what the other publishes', async () => {
      const words = ['event', 'sub', '-c6', 'test.b'];
      const reading = [run('ours', { words }), run('theirs', { words })];
      const payloads = [[], ['{"a": 1}'], ['-r', '{'], ['-r', 'täst\u0001']];
      let isOver = false;
      const done = Promise.all(reading).finally(() => {
        isOver = true;
      });
      // Readers subscribe when they do: they are published to until both have read enough.
      for (let turn = 0; !isOver; turn++) {
        const whose = turn % 2 === 0 ? 'ours' : 'theirs';
        for (const [flag, ...more] of payloads.map((words) => (words[0] === '-r' ? words : ['-s', ...words]))) {
          await run(whose, { words: ['event', 'pub', flag!, 'test.b', ...more] });
        }
      }
      for (const { stdout, exitCode } of await done) {
        expect(exitCode).toBe(0);
        expect(stdout.split('\n').slice(0, 6).sort().join('\n')).toMatch(/test\.b\t\{"a": 1\}/);
        expect(stdout).toMatch(/^test\.b\tt\.\.st\.$/m);
        expect(stdout).toMatch(/^test\.b\t$/m);
      }
    }, 60_000);
  },
);
