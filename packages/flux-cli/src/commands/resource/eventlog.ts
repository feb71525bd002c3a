/** `flux resource eventlog`: what happened to the resources, and what happens. RFC 44. */
import { FluxError } from '@ebb/flux-client';
import { type EventlogEntry, FormatError, parseDuration, printEvent } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { EventlogFormat } from '../../formats/eventlog-format.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { contextMatch, eventTargets } from './event-targets.ts';
import { colorOption, subcommandSyntax, wantsColor } from './options.ts';

const syntax = subcommandSyntax('eventlog', {
  options: [
    {
      flags: ['-f', '--format'],
      takes: 'one',
      default: 'text',
      shown: 'FORMAT',
      choices: ['text', 'json'],
      help: 'Specify output format: text, json',
    },
    {
      flags: ['-T', '--time-format'],
      takes: 'one',
      default: 'raw',
      shown: 'FORMAT',
      choices: ['raw', 'iso', 'offset', 'human', 'reltime'],
      help: 'Specify time format: raw, iso, offset, human',
    },
    { flags: ['-H', '--human'], takes: 'flag', help: 'Display human-readable output.' },
    colorOption,
    { flags: ['-F', '--follow'], takes: 'flag', help: 'Display new events as they are posted' },
    {
      flags: ['-t', '--timeout'],
      takes: 'one',
      shown: 'TIME',
      help: 'With --follow or --wait, timeout after TIME has elapsed',
    },
    { flags: ['-w', '--wait'], takes: 'one', shown: 'EVENT', help: 'Display events until EVENT is posted' },
    {
      flags: ['-m', '--match-context'],
      takes: 'append',
      shown: 'KEY=VAL',
      help: 'With --wait, match KEY=VAL in context of EVENT',
    },
    {
      flags: ['-i', '--include'],
      takes: 'one',
      shown: 'TARGETS',
      help: 'Only display events that include TARGETS (hosts or ranks)',
    },
  ],
});

interface Values {
  readonly format: string;
  readonly 'time-format': string;
  readonly human?: boolean;
  readonly follow?: boolean;
  readonly timeout?: string;
  readonly wait?: string;
  readonly 'match-context'?: readonly string[];
  readonly include?: string;
}

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  const color = wantsColor(syntax, values);
  const given = values as unknown as Values;
  const matches = contextMatch(given['match-context'] ?? []);
  const timeoutMs = given.timeout ? timeoutOf(given.timeout) : undefined;
  const format = new EventlogFormat({
    format: given.human ? 'text' : given.format,
    timeFormat: given.human ? 'human' : given['time-format'],
    color,
    ofPython: true,
  });
  const follows = given.follow || Boolean(given.wait);
  await withFlux(async (flux) => {
    const isOfTargets = await eventTargets(flux, given.include);
    const timeout = timeoutMs === undefined ? {} : { timeoutMs };
    const journal = flux.stream<{ events: EventlogEntry[] }>('resource.journal', undefined, {
      nodeid: 0,
      cancelTopic: 'resource.journal-cancel',
      ...timeout,
    });
    for await (const { events } of journal) {
      // The mark between what was and what comes.
      if (events.length === 0 && !follows) return;
      for (const event of events.filter(isOfTargets)) {
        process.stdout.write(format.print(printEvent(withoutEmptyContext(event))));
        if (given.wait && event.name === given.wait && matches(event)) return;
      }
    }
  }).catch((error: unknown) => {
    if (!(error instanceof FluxError) || error.code !== 'ETIMEDOUT') throw error;
    throw new CommandError(`ETIMEDOUT: ${error.message}`);
  });
  return 0;
}

function withoutEmptyContext({ timestamp, name, context }: EventlogEntry): EventlogEntry {
  return context && Object.keys(context).length > 0 ? { timestamp, name, context } : { timestamp, name };
}

/** Milliseconds; undefined for ever. */
function timeoutOf(text: string): number | undefined {
  try {
    const seconds = parseDuration(text);
    return Number.isFinite(seconds) ? seconds * 1000 : undefined;
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError('invalid Flux standard duration');
    throw error;
  }
}
