/** `flux job stats`. */
import { FluxError } from '@ebb/flux-client';
import { printJson } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job stats',
  usage: '[OPTIONS]...',
  description: 'Get current job stats',
  options: [],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  parseCOptions(syntax, words);
  const stats = await withFlux((flux) => flux.rpc('job-list.job-stats')).catch((error: Error) => {
    throw error instanceof FluxError ? new CommandError(`stats: ${error.message}`) : error;
  });
  process.stdout.write(`${printJson(stats)}\n`);
  return 0;
}
