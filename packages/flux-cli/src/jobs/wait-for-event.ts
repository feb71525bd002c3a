/** Follows an eventlog of a job up to an event: `flux job wait-event` and `flux job eventlog --follow`. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { type EventlogEntry, errnoNumber, parseEvent, printJson } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import type { EventlogFormat, EventlogFormatOptions } from '../formats/eventlog-format.ts';
import type { COption, COptions } from '../options/c-options.ts';
import { colorSyntax } from '../options/c-values.ts';

/** Options about how entries are shown. */
export const formatOptions: readonly COption[] = [
  { name: 'format', key: 'f', takes: 'value', shown: 'FORMAT', help: 'Specify output format: text, json' },
  {
    name: 'time-format',
    key: 'T',
    takes: 'value',
    shown: 'FORMAT',
    help: 'Specify time format: raw, iso, offset',
  },
  {
    name: 'human',
    key: 'H',
    help: 'Display human-readable output. See also --color, --format, and --time-format.',
  },
  colorSyntax,
];

export function readFormat(options: COptions): EventlogFormatOptions {
  const when = options.has('color') ? (options.text('color') ?? 'always') : 'auto';
  const color = when === 'always' || (when === 'auto' && process.stdout.isTTY === true);
  if (options.has('human')) return { format: 'text', timeFormat: 'human', color };
  return { format: options.text('format'), timeFormat: options.text('time-format'), color };
}

const paths: readonly { name: string; path: string; end?: string }[] = [
  { name: 'eventlog', path: 'eventlog', end: 'clean' },
  { name: 'exec', path: 'guest.exec.eventlog', end: 'done' },
  { name: 'output', path: 'guest.output' },
  { name: 'input', path: 'guest.input' },
];

/** The key of an eventlog by its short name or itself, and the event that ends it where there is one. */
export function eventlogPath(name: string): { path: string; end?: string | undefined } {
  return paths.find((known) => known.name === name || known.path === name) ?? { path: name };
}

export interface WaitForEventOptions {
  readonly id: bigint;
  readonly jobid: string;
  /** Short name or key of the eventlog. */
  readonly path: string;
  /** Default: the last event of the eventlog. */
  readonly event?: string;
  readonly match?: { readonly key: string; readonly value: string } | undefined;
  /** How many matches are awaited. */
  readonly count?: number;
  readonly timeoutMs?: number | undefined;
  readonly waitCreate: boolean;
  /** Shows events before the one that is awaited. */
  readonly verbose: boolean;
  /** Does not show the one that is awaited. */
  readonly quiet?: boolean;
  readonly format: EventlogFormat;
  /** No error when the eventlog ends without the event. */
  readonly toTheEnd?: boolean;
}

const waitCreateFlag = 1;

/** @throws CommandError when it does not come */
export async function waitForEvent(flux: Flux, options: WaitForEventOptions): Promise<number> {
  const { id, jobid, match, count = 1, format, timeoutMs } = options;
  const { path, end } = eventlogPath(options.path);
  const event = options.event ?? end;
  const request = { id, path, flags: options.waitCreate ? waitCreateFlag : 0 };
  let matches = 0;
  try {
    for await (const message of flux.stream<{ event: string }>('job-info.eventlog-watch', request, { timeoutMs })) {
      for (const line of message.event.trimEnd().split('\n')) {
        const entry = parseEvent(line);
        format.passOver(entry);
        const isMatch = entry.name === event && matchesContext(entry, match);
        if (isMatch && ++matches === count) {
          if (!options.quiet) process.stdout.write(format.print(line));
          return 0;
        }
        if (options.verbose) process.stdout.write(format.print(line));
      }
    }
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    if (error.errno === errnoNumber('ETIMEDOUT')) throw new CommandError(`wait-event timeout on event '${event}'`);
    if (error.errno === errnoNumber('ENOENT')) {
      throw new CommandError(path === 'eventlog' ? `job ${jobid} not found` : `eventlog path ${path} not found`);
    }
    throw new CommandError(`flux_job_event_watch_get: ${error.message}`);
  }
  if (options.toTheEnd && event === undefined) return 0;
  throw new CommandError(`event '${event ?? '(null)'}' never received`);
}

function matchesContext({ context = {} }: EventlogEntry, match: WaitForEventOptions['match']): boolean {
  if (!match) return true;
  const value = context[match.key];
  return value !== undefined && (printJson(value) === match.value || value === match.value);
}
