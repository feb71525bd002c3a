/** `flux job wait-event`. */
import { FormatError, parseDuration } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { EventlogFormat } from '../../formats/eventlog-format.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { formatOptions, readFormat, waitForEvent } from '../../jobs/wait-for-event.ts';
import { parseCOptions } from '../../options/c-options.ts';
import { colorSyntax } from '../../options/c-values.ts';

const syntax = {
  program: 'flux-job wait-event',
  usage: '[OPTIONS] id event',
  description: 'Wait for an event ',
  options: [
    ...formatOptions.filter(({ name }) => name !== 'color'),
    { name: 'timeout', key: 't', takes: 'value', shown: 'DURATION', help: 'timeout after DURATION' },
    { name: 'match-context', key: 'm', takes: 'value', shown: 'KEY=VAL', help: 'match key=val in context' },
    { name: 'count', key: 'c', takes: 'value', shown: 'COUNT', help: 'required number of matches (default 1)' },
    { name: 'quiet', key: 'q', help: 'Do not output matched event' },
    { name: 'verbose', key: 'v', help: 'Output all events before matched event' },
    colorSyntax,
    {
      name: 'path',
      key: 'p',
      takes: 'value',
      shown: 'PATH',
      help: 'Specify alternate eventlog name or path suffix (e.g. "exec", "output", or "guest.exec.eventlog")',
    },
    { name: 'waitcreate', key: 'W', help: 'If path does not exist, wait for its creation' },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length !== 2) options.failWithUsage();
  const [jobid, event] = options.words as [string, string];
  const id = jobIdOf(jobid);
  const count = options.integer('count') ?? 1;
  if (count <= 0) throw new CommandError('count must be > 0');
  const format = new EventlogFormat(readFormat(options));
  const match = readMatch(options.text('match-context'));
  const timeout = options.text('timeout');
  const timeoutMs = timeout === undefined ? undefined : readDuration(timeout) * 1000;
  return withFlux((flux) =>
    waitForEvent(flux, {
      id,
      jobid,
      event,
      path: options.text('path') ?? 'eventlog',
      match,
      count,
      timeoutMs,
      waitCreate: options.has('waitcreate'),
      verbose: options.has('verbose'),
      quiet: options.has('quiet'),
      format,
    }),
  );
}

function readMatch(text: string | undefined): { key: string; value: string } | undefined {
  if (text === undefined) return undefined;
  const equals = text.indexOf('=');
  if (equals < 0) throw new CommandError('must specify a context test as key=value');
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

function readDuration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError(`Invalid argument for option 'timeout': ${text}`);
    throw error;
  }
}
