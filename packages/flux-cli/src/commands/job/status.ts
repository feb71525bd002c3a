/** `flux job status`. */
import { FluxError } from '@ebb/flux-client';
import { errnoNumber, printJson } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { type JobOutcome, jobOutcome } from '../../jobs/job-result.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job status',
  usage: 'id [id...]',
  description: 'Wait for job(s) to complete and exit with largest exit code',
  options: [
    { name: 'verbose', key: 'v', help: 'Increase verbosity' },
    { name: 'json', key: 'j', help: 'Dump job result information gleaned from eventlog to stdout' },
    {
      name: 'exception-exit-code',
      key: 'e',
      takes: 'value',
      shown: 'N',
      help: 'Set the default exit code for any jobs that terminate solely due to an exception (e.g. canceled jobs or jobs rejected by the scheduler) to N [default=1]',
    },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length < 1) options.failWithUsage();
  const exceptionCode = options.integer('exception-exit-code') ?? 1;
  const ids = options.words.map(jobIdOf);
  const say = (text: string) => process.stderr.write(`flux-job: ${text}\n`);
  const verbose = options.count('verbose');
  if (verbose > 0 && ids.length > 1) say(`fetching status for ${ids.length} jobs`);
  const outcomes = await withFlux((flux) => Promise.allSettled(ids.map((id) => jobOutcome(flux, id))));
  if (verbose > 0 && ids.length > 1) say('all done.');
  let exitCode = 0;
  for (const [index, outcome] of outcomes.entries()) {
    const jobid = options.words[index]!;
    if (outcome.status === 'rejected') throw failure(jobid, outcome.reason);
    const { value } = outcome;
    if (options.has('json')) process.stdout.write(`${printJson(value)}\n`);
    const status = value.waitstatus ?? -1;
    const code = exitCodeOf(status);
    const isException = value.exception_occurred && value.exception_severity === 0;
    exitCode = Math.max(exitCode, code, isException ? exceptionCode : 0);
    if (verbose > 0) for (const line of verboseLines(jobid, value, status, verbose)) say(line);
  }
  return exitCode;
}

function exitCodeOf(status: number): number {
  if (status < 0) return 0;
  return (status & 0x7f) !== 0 ? 128 + (status & 0x7f) : status >> 8;
}

function verboseLines(jobid: string, outcome: JobOutcome, status: number, verbose: number): string[] {
  const signal = status < 0 ? 0 : status & 0x7f;
  if (signal !== 0) return [`${jobid}: job shell died by signal ${signal}`];
  const code = exitCodeOf(status);
  if (verbose < 2 && code === 0) return [];
  const { exception_occurred: occurred, exception_severity: severity, exception_type: type } = outcome;
  return [occurred && severity === 0 ? `${jobid}: exception type=${type}` : `${jobid}: exited with exit code ${code}`];
}

function failure(jobid: string, reason: unknown): unknown {
  if (!(reason instanceof FluxError)) return reason;
  if (reason.errno === errnoNumber('ENOENT')) return new CommandError(`${jobid}: No such job`);
  return new CommandError(`${jobid}: flux_job_wait_status_get: ${reason.message}`);
}
