/** `flux job attach`. */
import { FormatError, Idset } from '@ebb/flux-formats';
import { type AttachOptions, attach } from '../../attach/attach.ts';
import { CommandError } from '../../command-module.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job attach',
  usage: '[OPTIONS] id',
  description: 'Interactively attach to job',
  options: [
    { name: 'show-events', key: 'E', help: 'Show job events on stderr' },
    { name: 'show-exec', key: 'X', help: 'Show exec events on stderr' },
    { name: 'show-status', help: 'Show job status line while pending' },
    {
      name: 'wait-event',
      key: 'w',
      takes: 'value',
      shown: 'NAME',
      help: 'Wait for event NAME before detaching from eventlog (default=finish)',
    },
    { name: 'label-io', key: 'l', help: 'Label output by rank' },
    { name: 'verbose', key: 'v', help: 'Increase verbosity' },
    { name: 'quiet', key: 'q', help: 'Suppress warnings written to stderr from flux-job' },
    { name: 'read-only', key: 'r', help: 'Disable reading stdin and capturing signals' },
    { name: 'unbuffered', key: 'u', help: 'Disable buffering of stdin' },
    {
      name: 'stdin-ranks',
      key: 'i',
      takes: 'value',
      shown: 'RANKS',
      help: 'Send standard input to only RANKS (default: all)',
    },
    {
      name: 'tail',
      takes: 'optional',
      shown: 'NUM',
      help: 'Output only the last NUM lines of job output (default 10)',
    },
    { name: 'debug', help: 'Enable parallel debugger to attach to a running job' },
  ],
} as const;

const defaultTail = 10;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length !== 1) options.failWithUsage();
  const jobid = options.words[0]!;
  const id = jobIdOf(jobid);
  if (options.has('debug')) throw new CommandError('--debug is not supported: parallel debuggers cannot attach');
  if (options.has('stdin-ranks') && options.has('read-only')) {
    throw new CommandError('Do not use --stdin-ranks with --read-only');
  }
  const stdinRanks = options.text('stdin-ranks');
  if (stdinRanks !== undefined && stdinRanks !== 'all') checkRanks(stdinRanks);
  const tail = options.has('tail') ? (options.integer('tail') ?? defaultTail) : undefined;
  if (tail !== undefined && tail < 0) throw new CommandError('invalid tail argument');
  const waitEvent = options.text('wait-event');
  const asked: AttachOptions = {
    labelIo: options.has('label-io'),
    showEvents: options.has('show-events'),
    showExec: options.has('show-exec'),
    showStatus: options.has('show-status'),
    unbuffered: options.has('unbuffered'),
    readOnly: options.has('read-only'),
    verbose: options.has('verbose'),
    quiet: options.has('quiet'),
    ...(waitEvent === undefined ? {} : { waitEvent }),
    ...(stdinRanks === undefined ? {} : { stdinRanks }),
    ...(tail === undefined ? {} : { tail }),
  };
  return withFlux((flux) => attach(flux, id, jobid, asked));
}

function checkRanks(text: string): void {
  try {
    Idset.parse(text);
  } catch (error) {
    if (error instanceof FormatError) {
      throw new CommandError(`Invalid value '${text}' for --stdin-ranks: Invalid argument`);
    }
    throw error;
  }
}
