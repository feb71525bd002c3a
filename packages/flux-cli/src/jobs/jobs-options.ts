/** The options of `flux jobs`. */
import { FormatError, parseFluid } from '@ebb/flux-formats';
import { CommandExit } from '../command-module.ts';
import { pythonUsage } from '../options/python-help.ts';
import { parsePythonOptions } from '../options/python-options.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';

export interface JobId {
  readonly id: bigint;
  /** As the person wrote it. */
  readonly text: string;
}

export interface JobsValues {
  readonly a?: boolean;
  readonly A?: boolean;
  readonly count: number;
  readonly filter: readonly string[];
  readonly since?: string;
  readonly 'no-header'?: boolean;
  readonly user?: string;
  readonly name?: string;
  readonly queue: readonly string[];
  readonly include?: string;
  readonly format: string;
  readonly sort: string;
  /** -1: not cut. */
  readonly width: number;
  readonly json?: boolean;
  readonly color: boolean;
  readonly recursive: boolean;
  readonly level: number;
  readonly 'recurse-all'?: boolean;
  readonly stats?: boolean;
  readonly 'stats-only'?: boolean;
  readonly jobids: readonly JobId[];
  /** Whether an option narrows the list. */
  readonly isFiltered: boolean;
}

export const jobsSyntax: PythonSyntax = {
  program: 'flux-jobs',
  options: [
    { flags: ['-a'], takes: 'flag', help: 'List jobs in all states' },
    { flags: ['-A'], takes: 'flag', help: 'List all jobs for all users' },
    {
      flags: ['-c', '--count'],
      takes: 'one',
      type: 'int',
      shown: 'N',
      default: 1000,
      help: 'Limit output to N jobs (default 1000)',
    },
    {
      flags: ['-f', '--filter'],
      takes: 'append',
      shown: 'STATE|RESULT',
      help: 'List jobs with specific job state or result',
    },
    {
      flags: ['--since'],
      takes: 'one',
      shown: 'WHEN',
      help: 'Include jobs that have become inactive since WHEN. (implies -a if no other --filter option is specified)',
    },
    { flags: ['-n', '--no-header'], takes: 'flag', help: 'Suppress printing of header line' },
    { flags: ['--suppress-header'], key: 'no-header', takes: 'flag' },
    {
      flags: ['-u', '--user'],
      takes: 'one',
      shown: '[USERNAME|UID]',
      help: 'Limit output to specific username or userid (Specify "all" for all users)',
    },
    { flags: ['--name'], takes: 'one', shown: 'JOB-NAME', help: 'Limit output to specific job name' },
    {
      flags: ['-q', '--queue'],
      takes: 'append',
      shown: 'QUEUE,...',
      help: 'Limit output to specific queue or queues',
    },
    {
      flags: ['-i', '--include'],
      takes: 'one',
      shown: 'HOSTS|RANKS',
      help: 'Limit output to jobs that were allocated to the specified HOSTS or RANKS provided as a hostlist or idset.',
    },
    {
      flags: ['-o', '--format'],
      takes: 'one',
      shown: 'FORMAT',
      default: 'default',
      help: "Specify output format using Python's string format syntax or a defined format by name (use 'help' to get a list of names)",
    },
    { flags: ['--sort'], takes: 'one', shown: 'KEY,...', default: '', help: 'Specify sort order' },
    {
      flags: ['-w', '--width'],
      takes: 'optional',
      type: 'int',
      constant: 0,
      shown: 'N',
      default: -1,
      help: 'Truncate output at width N. If N=0 (default if N omitted) and stdout is connected to a terminal, use terminal width',
    },
    { flags: ['--json'], takes: 'flag', help: 'Output jobs in JSON instead of formatted output' },
    {
      flags: ['--color'],
      takes: 'optional',
      constant: 'always',
      shown: 'WHEN',
      help: "Use color; WHEN can be 'never', 'always' or 'auto' (default)",
    },
    { flags: ['-R', '--recursive'], takes: 'flag', help: 'List jobs recursively' },
    {
      flags: ['-L', '--level'],
      takes: 'one',
      type: 'int',
      shown: 'N',
      default: 9999,
      help: 'With --recursive, only descend N levels',
    },
    {
      flags: ['--recurse-all'],
      takes: 'flag',
      help: 'With --recursive, attempt to recurse all jobs, not just jobs of current user',
    },
    { flags: ['--threads'], takes: 'one', type: 'int', shown: 'N', help: 'Set max number of worker threads' },
    { flags: ['--stats'], takes: 'flag', help: 'Print job statistics before header' },
    {
      flags: ['--stats-only'],
      takes: 'flag',
      help: "Print job statistics only and exit. Exits with non-zero status if there are no active jobs. Allows usage like: 'while flux jobs --stats-only; do sleep 1; done'",
    },
  ],
  positionals: [{ name: 'jobids', shown: 'JOBID', takes: 'any', help: 'Limit output to specific Job IDs' }],
};

const filtering = ['a', 'A', 'filter', 'since', 'user', 'name', 'queue'];

/** @throws CommandExit after the help or what is wrong was printed */
export function readJobsWords(words: readonly string[]): JobsValues {
  const { values, words: ids } = parsePythonOptions(jobsSyntax, words);
  const commas = (name: string) => ((values[name] as string[] | undefined) ?? []).flatMap((text) => text.split(','));
  const isFiltered = filtering.some((name) => values[name] !== undefined) || values['count'] !== 1000;
  return {
    ...(values as unknown as JobsValues),
    filter: commas('filter'),
    queue: commas('queue'),
    recursive: values['recursive'] === true || values['recurse-all'] === true,
    color: isColored(jobsSyntax, values['color'] as string | undefined),
    jobids: ids.map((text) => readJobId(jobsSyntax, text)),
    isFiltered,
  };
}

/** What `--color` and the environment say. */
export function isColored(syntax: PythonSyntax, when: string | undefined): boolean {
  const wanted = when ?? (process.env['NO_COLOR'] ? 'never' : 'auto');
  if (!['auto', 'always', 'never'].includes(wanted)) fail(syntax, `Invalid argument to --color: '${wanted}'`);
  return wanted === 'always' || (wanted === 'auto' && process.stdout.isTTY === true);
}

/** An id of the command line. `argument`: what it is called in the message. */
export function readJobId(syntax: PythonSyntax, text: string, argument = 'JOBID'): JobId {
  try {
    return { id: parseFluid(text), text };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return fail(syntax, `argument ${argument}: invalid JobID value: '${text}'`);
  }
}

function fail(syntax: PythonSyntax, text: string): never {
  process.stderr.write(`${pythonUsage(syntax)}${syntax.program}: error: ${text}\n`);
  throw new CommandExit(2);
}
