/** `flux job`: what concerns single jobs. */
import { CommandExit } from '../command-module.ts';
import { parseCOptions } from '../options/c-options.ts';

interface Subcommand {
  readonly says: string;
  readonly hidden?: boolean;
  readonly load: () => Promise<{ run(words: readonly string[]): Promise<number> }>;
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  list: { says: 'List jobs', hidden: true, load: () => import('./job/list.ts') },
  'list-inactive': { says: 'List Inactive jobs', hidden: true, load: () => import('./job/list-inactive.ts') },
  'list-ids': { says: 'List job(s) by id', hidden: true, load: () => import('./job/list-ids.ts') },
  urgency: { says: 'Set job urgency (0-31, HOLD, EXPEDITE, DEFAULT)', load: () => import('./job/urgency.ts') },
  raise: { says: 'Raise exception on one or more jobs', load: () => import('./job/raise.ts') },
  raiseall: { says: 'Raise an exception on multiple jobs.', load: () => import('./job/raiseall.ts') },
  kill: { says: 'Send signal to one or more running jobs', load: () => import('./job/kill.ts') },
  killall: { says: 'Send signal to multiple running jobs', load: () => import('./job/killall.ts') },
  attach: { says: 'Interactively attach to job', load: () => import('./job/attach.ts') },
  status: {
    says: 'Wait for job(s) to complete and exit with largest exit code',
    load: () => import('./job/status.ts'),
  },
  submit: { says: 'Run job', load: () => import('./job/submit.ts') },
  id: { says: 'Convert jobid(s) to another form', load: () => import('./job/id.ts') },
  eventlog: { says: 'Display eventlog for a job', load: () => import('./job/eventlog.ts') },
  'wait-event': { says: 'Wait for an event ', load: () => import('./job/wait-event.ts') },
  info: { says: 'Display info for a job', load: () => import('./job/info.ts') },
  stats: { says: 'Get current job stats', load: () => import('./job/stats.ts') },
  namespace: {
    says: 'Convert job ids to job guest kvs namespace names',
    load: () => import('./job/namespace.ts'),
  },
  wait: { says: 'Wait for job(s) to complete.', load: () => import('./job/wait.ts') },
  memo: { says: 'Post an RFC 21 memo to a job', load: () => import('./job/memo.ts') },
  taskmap: { says: 'Utility function for working with job task maps', load: () => import('./job/taskmap.ts') },
  timeleft: {
    says: 'Find remaining runtime for job or enclosing instance',
    load: () => import('./job/timeleft.ts'),
  },
  hostpids: { says: 'Print host:pid pairs for tasks in JOBID', load: () => import('./job/hostpids.ts') },
  last: { says: 'List my most recently submitted job id(s)', load: () => import('./job/last.ts') },
  purge: { says: 'Purge the oldest inactive jobs', load: () => import('./job/purge.ts') },
};

export async function run(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name?.startsWith('-') && name !== '-h' && name !== '--help') {
    parseCOptions({ program: 'flux-job', usage: '[OPTIONS] COMMAND ARGS', options: [] }, words);
  }
  const subcommand = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand) {
    const rows = Object.entries(subcommands)
      .filter(([, { hidden }]) => !hidden)
      .map(([title, { says }]) => `   ${title.padEnd(15)} ${says}\n`);
    process.stderr.write(
      `Usage: flux-job [OPTIONS] COMMAND ARGS\n  -h, --help             Display this message.\n\nCommon commands from flux-job:\n${rows.join('')}`,
    );
    throw new CommandExit(1);
  }
  return (await subcommand.load()).run(rest);
}
