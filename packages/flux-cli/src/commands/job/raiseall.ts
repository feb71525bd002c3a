/** `flux job raiseall`. */
import { activeStates, FluxError, JobState } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { targetStates, targetUser } from '../../jobs/target-jobs.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job raiseall',
  usage: 'OPTIONS type [message ...]',
  description: 'Raise an exception on multiple jobs.',
  options: [
    {
      name: 'severity',
      key: 's',
      takes: 'value',
      shown: 'N',
      help: 'Set exception severity [0-7] (0 is fatal, default=7)',
    },
    {
      name: 'user',
      key: 'u',
      takes: 'value',
      shown: 'USER',
      help: "Set target user or 'all' (instance owner only)",
    },
    {
      name: 'states',
      key: 'S',
      takes: 'value',
      shown: 'STATES',
      splits: true,
      help: 'Set target job states (default=ACTIVE)',
    },
    { name: 'force', key: 'f', help: 'Confirm the command' },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length === 0) options.failWithUsage();
  const [type, ...note] = options.words;
  const states = options.has('states') ? targetStates(options.list('states')) : activeStates;
  if (states & JobState.Inactive) throw new CommandError('Exceptions cannot be raised on inactive jobs');
  const request = {
    dry_run: !options.has('force'),
    userid: targetUser(options.text('user')),
    states,
    severity: options.integer('severity') ?? 7,
    type,
    note: note.join(' '),
  };
  const { count, errors } = await withFlux((flux) =>
    flux.rpc<{ count: number; errors: number }>('job-manager.raiseall', request),
  ).catch((error: Error) => {
    throw error instanceof FluxError ? new CommandError(`raiseall: ${error.message}`) : error;
  });
  const said =
    count === 0
      ? 'Command matched 0 jobs'
      : request.dry_run
        ? `Command matched ${count} jobs (-f to confirm)`
        : `Raised exception on ${count} jobs (${errors} errors)`;
  process.stderr.write(`flux-job: ${said}\n`);
  return 0;
}
