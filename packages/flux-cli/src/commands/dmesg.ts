/** `flux dmesg`: shows and clears the log that a broker keeps. */
import { jsonPayload, payloadText } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { LogLines } from '../log/log-lines.ts';
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { colorOption, colorSyntax } from '../options/c-values.ts';
import { failureWithText, withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux dmesg',
  usage: '[OPTIONS...]',
  description: 'Print or control log ring buffer',
  options: [
    { name: 'clear', key: 'C', help: 'Clear the ring buffer' },
    { name: 'read-clear', key: 'c', help: 'Clear the ring buffer contents after printing' },
    { name: 'follow', key: 'f', help: 'Track new entries as are logged' },
    { name: 'new', key: 'n', help: 'Show only new log messages' },
    { name: 'human', key: 'H', help: 'Human readable output' },
    { name: 'delta', key: 'd', help: 'With --human, show timestamp delta between messages' },
    colorSyntax,
  ],
};

export async function run(words: string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 0) throw new CommandError('flux-dmesg accepts no free arguments');
  const colors = colorOption(options, 'color');
  const human = options.has('human');
  const delta = options.has('delta');
  if (delta && !human) throw new CommandError('--delta can only be used with --human');
  await withBroker(async (flux) => {
    try {
      if (!options.has('clear')) {
        const lines = new LogLines({ colors, human, delta });
        const request = jsonPayload({ follow: options.has('follow'), nobacklog: options.has('new') });
        for await (const message of flux.streamMessages('log.dmesg', request)) {
          process.stdout.write(lines.show(payloadText(message) ?? ''));
        }
      }
    } catch (error) {
      failureWithText('log.dmesg', error);
    }
    if (options.has('clear') || options.has('read-clear')) {
      await flux.rpc('log.clear').catch((error: unknown) => failureWithText('log.clear', error));
    }
  });
  return 0;
}
