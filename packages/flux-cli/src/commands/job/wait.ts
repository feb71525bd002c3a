/** `flux job wait`. */
import { FluxError, waitJob } from '@ebb/flux-client';
import { errnoNumber, printFluid } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job wait',
  usage: '[--all] [id]',
  description: 'Wait for job(s) to complete.',
  options: [
    { name: 'all', key: 'a', help: 'Wait for all (waitable) jobs' },
    { name: 'verbose', key: 'v', help: 'Emit a line of output for all jobs, not just failing ones' },
  ],
} as const;

const noneLeft = (error: unknown) => error instanceof FluxError && error.errno === errnoNumber('ECHILD');

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 1) options.failWithUsage();
  const id = options.words.length === 1 ? jobIdOf(options.words[0]!) : undefined;
  if (id !== undefined && options.has('all')) throw new CommandError('jobid not supported with --all: Success');
  return options.has('all') ? waitForAll(options.has('verbose')) : waitForOne(id);
}

async function waitForOne(id: bigint | undefined): Promise<number> {
  return withFlux(async (flux) => {
    try {
      const job = await waitJob(flux, id);
      if (id === undefined) process.stdout.write(`${printFluid(job.id)}\n`);
      if (!job.success) throw new CommandError(job.text);
      return 0;
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
      throw new CommandError(error.message, noneLeft(error) ? 2 : 1);
    }
  });
}

async function waitForAll(verbose: boolean): Promise<number> {
  return withFlux(async (flux) => {
    let exitCode = 0;
    for (;;) {
      try {
        const { id, success, text } = await waitJob(flux);
        if (!success) {
          process.stderr.write(`${printFluid(id)}: ${text}\n`);
          exitCode = 1;
        } else if (verbose) process.stderr.write(`${printFluid(id)}: job completed successfully\n`);
      } catch (error) {
        if (noneLeft(error)) return exitCode;
        if (error instanceof FluxError) throw new CommandError(`flux_job_wait_get_status: ${error.message}`);
        throw error;
      }
    }
  });
}
