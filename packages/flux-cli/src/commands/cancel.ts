/** `flux cancel`. */
import { activeStates, cancelJob, FluxError, JobState, pendingStates, runningStates } from '@ebb/flux-client';
import { printFluid } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { userIdOf } from '../jobs/job-fields.ts';
import { withFlux } from '../jobs/job-ids.ts';
import { readJobId } from '../jobs/jobs-options.ts';
import { allUsers } from '../jobs/target-jobs.ts';
import { parsePythonOptions } from '../options/python-options.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';

const syntax: PythonSyntax = {
  program: 'flux-cancel',
  usage: 'flux cancel [OPTIONS] [JOBID...]',
  description: 'Cancel pending or running jobs with an optional exception note.',
  options: [
    { flags: ['--all'], takes: 'flag', help: 'Target all jobs' },
    { flags: ['-n', '--dry-run'], hiddenFlags: ['--dry'], takes: 'flag', help: 'Do not cancel any jobs' },
    { flags: ['-q', '--quiet'], takes: 'flag', help: 'Suppress output when no jobs match' },
    {
      flags: ['-u', '--user'],
      takes: 'one',
      shown: 'USER',
      help: "Set target user or 'all' (instance owner only)",
    },
    {
      flags: ['-S', '--states'],
      hiddenFlags: ['--state'],
      takes: 'append',
      help: 'List of job states to target (default=active)',
    },
    { flags: ['-m', '--message'], takes: 'one', shown: 'NOTE', help: 'Set optional cancel exception note' },
  ],
  positionals: [{ name: 'jobids', shown: 'JOBID...', takes: 'any', help: 'jobids to cancel' }],
};

const states: Readonly<Record<string, number>> = {
  depend: JobState.Depend,
  priority: JobState.Priority,
  sched: JobState.Sched,
  run: JobState.Run,
  pending: pendingStates,
  running: runningStates,
  active: activeStates,
};

interface CancelValues {
  readonly all?: boolean;
  readonly 'dry-run'?: boolean;
  readonly quiet?: boolean;
  readonly user?: string;
  readonly states?: readonly string[];
  readonly message?: string;
}

export async function run(words: string[]): Promise<number> {
  const parsed = parsePythonOptions(syntax, words);
  const values = parsed.values as CancelValues;
  const ids = parsed.words.map((text) => readJobId(syntax, text, 'JOBID...').id);
  const all = values.all || values.user !== undefined || values.states !== undefined;
  if (ids.length > 0 && all) {
    throw new CommandError('Do not specify a list of jobids with --all,--user,--states options');
  }
  return all ? cancelAll(values) : cancel(ids, values);
}

async function cancel(ids: readonly bigint[], values: CancelValues): Promise<number> {
  if (ids.length === 0) throw new CommandError('No target jobs were provided');
  if (values['dry-run']) {
    say(`Would cancel ${plural(ids.length, 'job')}`);
    return 0;
  }
  const results = await withFlux((flux) => Promise.allSettled(ids.map((id) => cancelJob(flux, id, values.message))));
  let exitCode = 0;
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof FluxError)) throw result.reason;
    process.stderr.write(`flux-cancel: ERROR: ${printFluid(ids[index]!)}: ${result.reason.message}\n`);
    exitCode = 1;
  }
  return exitCode;
}

async function cancelAll(values: CancelValues): Promise<number> {
  const names = (values.states ?? ['active']).flatMap((text) => text.split(','));
  const mask = names.reduce((sum, name) => {
    const bits = Object.hasOwn(states, name.toLowerCase()) ? states[name.toLowerCase()] : undefined;
    if (bits === undefined) throw new CommandError(`Invalid state ${name} specified`);
    return sum | bits;
  }, 0);
  const request = {
    dry_run: values['dry-run'] === true,
    userid: userOf(values.user),
    states: mask,
    severity: 0,
    type: 'cancel',
    ...(values.message === undefined ? {} : { note: values.message }),
  };
  const { count, errors } = await withFlux((flux) =>
    flux.rpc<{ count: number; errors: number }>('job-manager.raiseall', request),
  );
  if (count > 0) {
    say(
      values['dry-run']
        ? `Would cancel ${plural(count, 'job')}`
        : `Canceled ${plural(count, 'job')} (${plural(errors, 'error')})`,
    );
  } else if (!values.quiet) say('Matched 0 jobs');
  return 0;
}

function userOf(user: string | undefined): number {
  if (user === undefined) return process.getuid!();
  if (user === 'all') return allUsers;
  const userid = userIdOf(user) ?? (/^\d+$/.test(user) ? Number(user) : undefined);
  if (userid === undefined) throw new CommandError(`Invalid user ${user} specified`);
  return userid;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function say(text: string): void {
  process.stderr.write(`flux-cancel: ${text}\n`);
}
