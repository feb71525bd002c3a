/** What subcommands of `flux kvs eventlog` share: how entries are shown, and how logs are taken apart. */
import { type EventlogEntry, FormatError, parseEvent } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { EventlogFormat } from '../formats/eventlog-format.ts';
import type { COption, COptions } from '../options/c-options.ts';
import { colorOption, colorSyntax } from '../options/c-values.ts';

export const unformattedOption: COption = { name: 'unformatted', key: 'u', help: 'Show event in RFC 18 form' };
export const humanOptions: readonly COption[] = [
  { name: 'human', key: 'H', help: 'Display human-readable output' },
  colorSyntax,
];

/** @throws CommandError when options contradict each other */
export function eventlogFormat(options: COptions): EventlogFormat {
  const color = colorOption(options, 'color');
  const human = options.has('human');
  const unformatted = options.has('unformatted');
  if (unformatted && (human || options.text('color') === 'always')) {
    process.stderr.write('flux-kvs: Do not specify --unformatted with --human or --color=always\n');
    throw new CommandError('failed to create eventlog formatter');
  }
  return new EventlogFormat({
    format: unformatted ? 'json' : 'text',
    timeFormat: human ? 'human' : 'raw',
    color,
  });
}

/** Each line with its entry. @throws CommandError when it is no eventlog */
export function eventLines(bytes: Uint8Array): { line: string; entry: EventlogEntry }[] {
  const text = Buffer.from(bytes).toString('utf8');
  if (text === '') return [];
  const fail = (): never => {
    throw new CommandError('cannot decode improperly formatted eventlog');
  };
  if (!text.endsWith('\n')) fail();
  try {
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => ({ line, entry: parseEvent(line) }));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return fail();
  }
}
