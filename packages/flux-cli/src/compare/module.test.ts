/** `flux module`: what modules there are is another matter. */
import { expect, it } from 'vitest';
import { atBothBrokers, type Line } from './both-brokers.ts';

const commandLines = [
  [],
  ['--help'],
  ['nosuch'],
  ...['list', 'load', 'remove', 'unload', 'reload', 'stats', 'debug'].map((name) => [name, '--help']),
  ['list', 'x'],
  ['load'],
  ['load', 'kvs'],
  ['remove'],
  ['remove', 'nosuch'],
  ['remove', '-f', 'nosuch'],
  ['reload'],
  ['reload', 'cron'],
  ['stats'],
  ['stats', 'nosuch'],
  ['stats', '-p', 'nosuch', 'resource'],
  ['stats', '-t', 'double', '-s', '0', '-p', 'tx.request', 'heartbeat'],
  ['stats', '-s', '0', '-p', 'tx.request', 'cron'],
  ['stats', '-c', 'nosuch'],
  ['stats', '-c', 'cron'],
  ['stats', '-C', 'cron'],
  ['stats', '-Rnosuch', 'cron'],
  ['debug'],
  ['debug', 'cron'],
  ['debug', '-S', '3', 'cron'],
  ['debug', '-s', '4', 'cron'],
  ['debug', '-c', '1', 'cron'],
  ['debug', '-C', 'cron'],
];

atBothBrokers(
  'modules',
  commandLines.map((words): Line => ({ words: ['module', ...words] })),
  ({ run }) => {
    it.each([['list'], ['list', '-l']])('flux module %s %s', async (...words) => {
      const [ours, theirs] = await Promise.all([
        run('ours', { words: ['module', ...words] }),
        run('theirs', { words: ['module', ...words] }),
      ]);
      const layout = ({ stdout }: { stdout: string }) => stdout.replaceAll(/^(.{25}) .{4} /gm, '$1 IDLE ').split('\n');
      expect(layout(ours)).toEqual(layout(theirs));
      expect(ours.exitCode).toBe(0);
    });
  },
);
