/** `flux job timeleft`. */
import { type Flux, FluxError, JobState, jobById } from '@ebb/flux-client';
import { errnoNumber, printDuration } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { tryJobId, withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job timeleft',
  usage: '[JOBID]',
  description: 'Find remaining runtime for job or enclosing instance',
  options: [{ name: 'human', key: 'H', help: 'Output in Flux Standard Duration instead of seconds.' }],
} as const;

const pending = JobState.Depend | JobState.Priority | JobState.Sched;
/** What stands for no limit where a whole number is expected. */
const unlimited = 0xffff_ffff;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 1) options.failWithUsage();
  const jobid = options.words[0] ?? process.env['FLUX_JOB_ID'];
  const expiration = await withFlux((flux) =>
    jobid === undefined ? instanceExpiration(flux) : jobExpiration(flux, jobid),
  );
  const seconds = expiration === 0 ? Number.POSITIVE_INFINITY : Math.max(0, expiration - Date.now() / 1000);
  if (options.has('human')) process.stdout.write(`${printDuration(seconds)}\n`);
  else {
    // Less than a second is not nothing.
    const whole = seconds === Number.POSITIVE_INFINITY ? unlimited : Math.floor(seconds) || (seconds > 0 ? 1 : 0);
    process.stdout.write(`${whole}\n`);
  }
  return 0;
}

async function instanceExpiration(flux: Flux): Promise<number> {
  type Answer = { R: { execution: { expiration?: number } } };
  try {
    const { R } = await flux.rpc<Answer>('resource.status', undefined, { nodeid: 0 });
    return R.execution.expiration ?? 0;
  } catch (error) {
    if (error instanceof FluxError) throw new CommandError('failed to get instance expiration');
    throw error;
  }
}

async function jobExpiration(flux: Flux, text: string): Promise<number> {
  const id = tryJobId(text);
  if (id === undefined) throw new CommandError(`failed to parse jobid ${text}`);
  const job = await jobById(flux, id, ['expiration', 'state']).catch((error: Error) => {
    if (!(error instanceof FluxError)) throw error;
    if (error.errno === errnoNumber('ENOENT')) throw new CommandError(`${text}: no such jobid`);
    throw new CommandError(`flux_job_list_id: ${text}: ${error.message}`);
  });
  const { state = 0 } = job;
  if (state & pending) throw new CommandError(`job ${text} has not started`);
  // A job that no longer runs has no time left, which is not the same as no limit.
  return state === JobState.Run ? (job.expiration ?? 0) : 1;
}
