/** Submits jobs and copies of them, and follows them as far as was asked: the body of submit and bulksubmit. */
import { type Flux, FluxError, type SubmitOptions, submitJob } from '@ebb/flux-client';
import { FormatError, Idset, type Jobspec, printFluid } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../command-module.ts';
import { connectBroker } from '../connect-broker.ts';
import { CompletionProgress, SubmissionProgress } from '../progress/job-progress.ts';
import { JobWatcher, type WatchedEvent } from './job-watcher.ts';
import { jobspecText } from './jobspec-text.ts';
import { dryRun } from './read-submission.ts';
import { isIdset, jobspecOf, type SubmissionValues, submitOptionsOf } from './submission.ts';
import { fillTemplates } from './substitution.ts';
import { LogFiles, type TextSink } from './text-sink.ts';

export interface BulkValues extends SubmissionValues {
  readonly verbose: number;
  readonly cc?: string;
  readonly bcc?: string;
  readonly wait?: string;
  readonly watch?: boolean;
  readonly log?: string;
  readonly 'log-stderr'?: string;
  readonly progress?: boolean;
  readonly jps?: boolean;
}

export interface BulkJob {
  readonly values: BulkValues;
  readonly command: readonly string[];
}

interface Prepared {
  readonly jobspec: Jobspec;
  readonly options: SubmitOptions;
  readonly label: string;
  readonly quiet: boolean;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
}

/** The copies that `--cc` or `--bcc` ask for; one without a number when there is neither. */
export function copiesOf({ cc, bcc }: BulkValues): (number | undefined)[] {
  if (cc && bcc) throw new CommandError('specify only one of --cc or --bcc');
  const text = cc || bcc;
  if (!text) return [undefined];
  try {
    return [...Idset.parse(text)];
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError(`Invalid argument: '${text}'`);
    throw error;
  }
}

/** Submits the jobs and resolves with the exit status of the command. */
export async function submitBulk(jobs: readonly BulkJob[]): Promise<number> {
  const { watch = false, wait, verbose, progress, jps = false } = jobs[0]!.values;
  const labelIo = jobs[0]!.values['label-io'] === true;
  const files = new LogFiles();
  let flux: Flux | undefined;
  let bar: Bar;
  try {
    const prepared: Prepared[] = [];
    for (const job of jobs) {
      for (const copy of copiesOf(job.values)) {
        const { jobspec, ...ready } = prepare(job, copy, files);
        if (job.values['dry-run']) return dryRun(jobspec);
        prepared.push({ jobspec, ...ready });
      }
    }
    const isWatched = watch || wait !== undefined;
    if (progress && !process.stdout.isTTY) {
      process.stderr.write('flux: WARNING: stdout is not a tty. Ignoring --progress option\n');
    } else if (progress) {
      const options = { jobsPerSecond: jps };
      bar = isWatched
        ? new CompletionProgress(process.stdout, options)
        : new SubmissionProgress(process.stdout, prepared.length, options);
      bar.start();
    }
    flux = await connectBroker();
    const settings = {
      wait,
      watch,
      labelIo,
      logEvents: verbose > 1,
      logStatus: verbose > 0,
      keepsCursor: bar !== undefined,
    };
    const watcher = isWatched ? new JobWatcher(flux, settings, tellTo(bar)) : undefined;
    return await submitAll(flux, prepared, watcher, bar);
  } finally {
    bar?.stop();
    files.close();
    await flux?.close();
  }
}

type Bar = SubmissionProgress | CompletionProgress | undefined;

function tellTo(bar: Bar): WatchedEvent | undefined {
  return bar instanceof CompletionProgress ? (id, event) => bar.take(id, event) : undefined;
}

async function submitAll(
  flux: Flux,
  jobs: readonly Prepared[],
  watcher: JobWatcher | undefined,
  bar: Bar,
): Promise<number> {
  let exitCode = 0;
  const submissions = jobs.map((job) => submitJob(flux, jobspecText(job.jobspec), job.options));
  // One that fails is told of in its turn.
  for (const submission of submissions) submission.catch(() => {});
  const watched: Promise<void>[] = [];
  for (const [index, job] of jobs.entries()) {
    try {
      const id = await submissions[index]!;
      if (!job.quiet) job.stdout.write(`${printFluid(id)}\n`);
      if (bar instanceof CompletionProgress) bar.add(id);
      else bar?.submitted();
      if (watcher) watched.push(watcher.watch({ id, stdout: job.stdout, stderr: job.stderr }));
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
      job.stderr.write(`${job.label}${pythonError(error)}\n`);
      if (bar instanceof SubmissionProgress) bar.submitted();
      exitCode = 1;
    }
  }
  await Promise.all(watched);
  return Math.max(exitCode, watcher?.exitCode ?? 0);
}

function pythonError(error: FluxError): string {
  return `[Errno ${error.errno}] ${error.message}`;
}

function prepare({ values, command }: BulkJob, copy: number | undefined, files: LogFiles): Prepared {
  const filled = copy === undefined ? { values, command } : fillTemplates(values, command, [], { cc: String(copy) });
  const own = filled.values;
  const jobspec = jobspecOf(own, filled.command);
  if (own.input !== undefined && isIdset(own.input)) {
    process.stderr.write('flux: ERROR: per-task input not supported for submit\n');
    throw new CommandExit(1);
  }
  if (copy !== undefined && !values.bcc) {
    jobspec.attributes.system.environment = {
      ...jobspec.attributes.system.environment,
      FLUX_JOB_CC: String(copy),
    };
  }
  const stdout: TextSink = own.log ? files.sink(own.log) : process.stdout;
  const stderr = own['log-stderr'] ? files.sink(own['log-stderr']) : own.log ? stdout : process.stderr;
  return {
    jobspec,
    options: submitOptionsOf(own),
    label: copy === undefined ? '' : `cc=${copy}: `,
    quiet: own.quiet === true,
    stdout,
    stderr,
  };
}
