/** `flux dmesg` and `flux logger`. */
import { expect, it } from 'vitest';
import { atBothBrokers, type Line } from './both-brokers.ts';

const dmesg = (...words: string[]): Line => ({ words: ['dmesg', ...words] });
const logger = (...words: string[]): Line => ({ words: ['logger', ...words] });

const commandLines: readonly Line[] = [
  dmesg('--help'),
  dmesg('--nosuch'),
  dmesg('word'),
  dmesg('--delta'),
  dmesg('--color=often'),
  dmesg('--clear'),
  logger('--help'),
  logger('-h'),
  logger('--nosuch'),
  logger('-x'),
  logger('-s'),
  logger('--appname'),
  logger('--help=x'),
  logger('-s', 'loud', 'text'),
  logger('-s', '3', 'text'),
  logger('-s', 'ERR', 'text', 'of', 'words'),
  logger('text', '--sev=debug', '-nname', 'more'),
  logger('--', '--appname'),
  { words: ['logger', '--severity', 'warning'], input: 'one\n\ntwo\r\nthree\n' },
  { words: ['logger', '-s', 'crit'], input: '' },
  logger('-s', 'emerg', 'täxt'),
  dmesg(),
  dmesg('-L'),
  dmesg('--human'),
  dmesg('-HdLalways'),
  dmesg('-n'),
  dmesg('-H', '--color=never'),
];

atBothBrokers(
  'logs',
  commandLines.map((line) => ({ ...line, normalize: (text) => text })),
  ({ run }) => {
    it('follows what is logged from now on', async () => {
      const reading = ['ours', 'theirs'].map((whose) =>
        run(whose as 'ours', { words: ['dmesg', '-fn'], until: /followed\n/ }),
      );
      const done = Promise.all(reading);
      let isOver = false;
      done.finally(() => {
        isOver = true;
      });
      while (!isOver) await run('ours', { words: ['logger', '-n', 'test', 'followed'] });
      for (const { stdout } of await done) {
        expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{15}Z test\.notice\[0\]: followed$/m);
        expect(stdout).not.toMatch(/täxt/);
      }
    }, 60_000);

    it('clears what it has read', async () => {
      await run('ours', { words: ['dmesg', '-c'] });
      expect((await run('theirs', { words: ['dmesg'] })).stdout).not.toMatch(/täxt/);
    }, 60_000);
  },
);
