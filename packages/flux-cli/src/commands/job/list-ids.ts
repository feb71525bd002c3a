/** `flux job list-ids`: a JSON object a line. */
import { FluxError, type JobRecord } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { pythonJson } from '../../formats/python-json.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { stateBits } from '../../jobs/target-jobs.ts';
import { parseCOptions } from '../../options/c-options.ts';
import { refuseTerminal } from './list.ts';

const syntax = {
  program: 'flux-job list-ids',
  usage: '[OPTIONS] ID [ID ...]',
  description: 'List job(s) by id',
  options: [
    {
      name: 'wait-state',
      key: 'W',
      takes: 'value',
      shown: 'STATE',
      help: 'Return only after jobid has reached specified state',
    },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  refuseTerminal();
  if (options.words.length < 1) options.failWithUsage();
  const state = stateBits(options.text('wait-state') ?? 'depend');
  if (state === undefined) throw new CommandError('invalid job state specified');
  const ids = options.words.map(jobIdOf);
  return withFlux(async (flux) => {
    await Promise.all(
      ids.map(async (id) => {
        const { job } = await flux.rpc<{ job: JobRecord }>('job-list.list-id', { id, attrs: ['all'], state });
        process.stdout.write(`${pythonJson(job)}\n`);
      }),
    );
    return 0;
  }).catch((error: Error) => {
    throw error instanceof FluxError ? new CommandError(`flux job-list.list-d: ${error.message}`) : error;
  });
}
