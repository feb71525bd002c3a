/** `flux job kill`. */
import { killJob } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { forEachJob, splitIds } from '../../jobs/job-ids.ts';
import { signalNumber } from '../../jobs/signal-number.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job kill',
  usage: '[OPTIONS] ids...',
  description: 'Send signal to one or more running jobs',
  options: [{ name: 'signal', key: 's', takes: 'value', shown: 'SIG', help: 'Send signal SIG (default SIGTERM)' }],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length < 1) options.failWithUsage();
  const { ids, rest } = splitIds(options.words);
  if (rest.length > 0) throw new CommandError(`invalid jobid: ${rest[0]}`);
  const signum = signalNumber(options.text('signal') ?? 'SIGTERM', 'kill');
  return forEachJob(ids, 'kill', (flux, id) => killJob(flux, id, signum));
}
