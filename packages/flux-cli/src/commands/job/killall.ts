/** `flux job killall`. */
import { FluxError } from '@ebb/flux-client';
import { signalText } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { signalNumber } from '../../jobs/signal-number.ts';
import { targetUser } from '../../jobs/target-jobs.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job killall',
  usage: '[OPTIONS]',
  description: 'Send signal to multiple running jobs',
  options: [
    { name: 'signal', key: 's', takes: 'value', shown: 'SIG', help: 'Send signal SIG (default SIGTERM)' },
    {
      name: 'user',
      key: 'u',
      takes: 'value',
      shown: 'USER',
      help: "Set target user or 'all' (instance owner only)",
    },
    { name: 'force', key: 'f', help: 'Confirm the command' },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 0) options.failWithUsage();
  const signum = signalNumber(options.text('signal') ?? 'SIGTERM', 'killall');
  const request = { dry_run: !options.has('force'), userid: targetUser(options.text('user')), signum };
  const { count, errors } = await withFlux((flux) =>
    flux.rpc<{ count: number; errors: number }>('job-manager.killall', request),
  ).catch((error: Error) => {
    throw error instanceof FluxError ? new CommandError(`killall: ${error.message}`) : error;
  });
  const said =
    count === 0
      ? 'Command matched 0 jobs'
      : request.dry_run
        ? `Command matched ${count} jobs (-f to confirm)`
        : `${signalText(signum)} ${count} jobs (${errors} errors)`;
  process.stderr.write(`flux-job: ${said}\n`);
  return 0;
}
