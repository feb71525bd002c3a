/** `flux job list`: jobs for programs, a JSON object a line. */
import { activeStates, FluxError, JobState, type ListJobsOptions, listJobs } from '@ebb/flux-client';
import { CommandError, CommandExit } from '../../command-module.ts';
import { pythonJson } from '../../formats/python-json.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { allUsers, targetStates, targetUser } from '../../jobs/target-jobs.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job list',
  usage: '[OPTIONS]',
  description: 'List jobs',
  options: [
    { name: 'count', key: 'c', takes: 'value', shown: 'N', help: 'Limit output to N jobs' },
    {
      name: 'states',
      key: 's',
      takes: 'value',
      shown: 'STATES',
      splits: true,
      help: 'List jobs in specific states',
    },
    {
      name: 'user',
      key: 'u',
      takes: 'value',
      shown: 'USER',
      help: 'Limit output to specific user. Specify "all" for all users.',
    },
    { name: 'all-user', key: 'a', help: 'List my jobs, regardless of state' },
    { name: 'all', key: 'A', help: 'List jobs for all users, regardless of state' },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  refuseTerminal();
  if (options.words.length > 0) options.failWithUsage();
  const states =
    options.has('all-user') || options.has('all')
      ? activeStates | JobState.Inactive
      : options.has('states')
        ? targetStates(options.list('states'))
        : activeStates;
  const userid = options.has('all') ? allUsers : targetUser(options.text('user'));
  const constraint = { and: [{ userid: [userid] }, { states: [states] }] };
  return printList({ limit: options.integer('count') ?? 0, constraint });
}

/** The command for people is another. */
export function refuseTerminal(): void {
  if (!process.stdout.isTTY) return;
  process.stderr.write('This is not the command you are looking for. Try flux-jobs(1).\n');
  throw new CommandExit(1);
}

export async function printList(options: ListJobsOptions): Promise<number> {
  return withFlux(async (flux) => {
    try {
      for await (const job of listJobs(flux, options)) process.stdout.write(`${pythonJson(job)}\n`);
    } catch (error) {
      throw error instanceof FluxError ? new CommandError(`flux job-list.list: ${error.message}`) : error;
    }
    return 0;
  });
}
