/** `flux job raise`. */
import { raiseJob } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { forEachJob, splitIds } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job raise',
  usage: '[OPTIONS] ids... [--] [message ...]',
  description: 'Raise exception on one or more jobs',
  options: [
    { name: 'severity', key: 's', takes: 'value', shown: 'N', help: 'Set exception severity [0-7] (default=0)' },
    { name: 'type', key: 't', takes: 'value', shown: 'TYPE', help: 'Set exception type (default=cancel)' },
    { name: 'message', key: 'm', takes: 'value', shown: 'NOTE', help: 'Set exception note' },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length < 1) options.failWithUsage();
  const { ids, rest } = splitIds(options.words);
  if (rest.length > 0 && options.has('message')) {
    throw new CommandError('Do not set note on command line and with --message');
  }
  const note = rest.length > 0 ? rest.join(' ') : options.text('message');
  const exception = {
    severity: options.integer('severity') ?? 0,
    type: options.text('type') ?? 'cancel',
    ...(note === undefined ? {} : { note }),
  };
  return forEachJob(ids, 'raise', (flux, id) => raiseJob(flux, id, exception));
}
