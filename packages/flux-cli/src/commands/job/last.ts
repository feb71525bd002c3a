/** `flux job last`. */
import { FluxError } from '@ebb/flux-client';
import { printFluid, toFluid } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job last',
  usage: 'SLICE',
  description: 'List my most recently submitted job id(s)',
  options: [],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  let [slice = '[:1]'] = options.words;
  if (!slice.includes('[')) {
    if (!/^[+-]?\d+$/.test(slice)) options.failWithUsage();
    slice = `[:${Number(slice)}]`;
  }
  if (options.words.length > 1) options.failWithUsage();
  const { jobs } = await withFlux((flux) => flux.rpc<{ jobs: unknown[] }>('job-manager.history.get', { slice })).catch(
    (error: Error) => {
      throw error instanceof FluxError ? new CommandError(error.message) : error;
    },
  );
  if (jobs.length === 0) throw new CommandError('job history is empty');
  process.stdout.write(jobs.map((id) => `${printFluid(toFluid(id))}\n`).join(''));
  return 0;
}
