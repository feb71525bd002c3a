/** `flux` before its subcommands, and those that are part of it. */
import { expect, it } from 'vitest';
import { commandNamed } from '../commands.ts';
import { atBothBrokers, type Line } from './both-brokers.ts';

const usages = [[], ['--help'], ['help'], ['-h', 'version'], ['-hV'], ['-p'], ['--root']].map(
  (words): Line => ({ words, normalize: withoutOthers }),
);

const plain = [
  ['-z'],
  ['--nosuch'],
  ['--ver=1'],
  ['help', '--help'],
  ['help', '-z'],
  ['nosuch'],
  ['resourcee'],
  ['resou'],
  ['/no/such'],
  ['uptime', '--help'],
  ['uptime', '-z'],
  ['version', '--help'],
  ['version', '-z'],
  ['--parent', 'getattr', 'size'],
  ['-pp', 'getattr', 'size'],
  ['--root', 'getattr', 'rank'],
].map((words): Line => ({ words }));

const versions = [['version'], ['version', 'x'], ['-V'], ['--version', 'uptime']].map(
  (words): Line => ({ words, normalize: withoutBuild }),
);

const uptimes = [['uptime'], ['uptime', 'x', 'y'], ['-p', 'uptime']].map(
  (words): Line => ({ words, normalize: withoutTimes }),
);

/** Commands of flux-core that are not of this package are not shown by it. */
function withoutOthers(text: string): string {
  const isHere = (line: string) => {
    const name = /^ {3}(\w+)(\/\w+)? {2}/.exec(line)?.[1];
    return name === undefined || commandNamed(name) !== undefined;
  };
  return text.split('\n').filter(isHere).join('\n');
}

function withoutBuild(text: string): string {
  return text.replaceAll(/^(build-options:\t\t)\+.*$/gm, '$1');
}

function withoutTimes(text: string): string {
  return text.replaceAll(/^ \d\d:\d\d:\d\d run \S+,/gm, ' T run D,');
}

atBothBrokers('the flux command', [...usages, ...plain, ...versions, ...uptimes], ({ run, same }) => {
  it('tells what the administrator did', async () => {
    const acts = [
      ['queue', 'disable', '-m', 'test'],
      ['queue', 'stop'],
      ['resource', 'drain', '1-2', 'test'],
      ['resource', 'drain', '3'],
    ];
    for (const words of acts) {
      expect(await run('theirs', { words })).toMatchObject({ exitCode: 0 });
      await same({ words: ['uptime'], normalize: withoutTimes });
    }
    for (const words of [
      ['queue', 'enable'],
      ['queue', 'start'],
      ['resource', 'undrain', '1-3'],
    ]) {
      expect(await run('ours', { words })).toMatchObject({ exitCode: 0 });
      await same({ words: ['uptime'], normalize: withoutTimes });
    }
  }, 60_000);
});
