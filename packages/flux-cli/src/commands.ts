/** The subcommands there are; each is loaded when it is called. */
import type { CommandModule } from './command-module.ts';

export interface CommandEntry {
  readonly says: string;
  readonly load: () => Promise<CommandModule>;
}

const commands: Readonly<Record<string, CommandEntry>> = {
  alloc: { says: 'start an instance with a shell in it', load: () => import('./commands/alloc.ts') },
  batch: { says: 'submit a script to run in an instance', load: () => import('./commands/batch.ts') },
  broker: { says: 'run one broker of an instance', load: () => import('./commands/broker.ts') },
  bulksubmit: { says: 'submit many jobs at once', load: () => import('./commands/bulksubmit.ts') },
  cancel: { says: 'cancel one or more jobs', load: () => import('./commands/cancel.ts') },
  dmesg: { says: 'show or clear the log of a broker', load: () => import('./commands/dmesg.ts') },
  env: { says: 'the environment of flux, or a command in it', load: () => import('./commands/env.ts') },
  event: { says: 'publish events and show them', load: () => import('./commands/event.ts') },
  exec: { says: 'run a program on brokers', load: () => import('./commands/exec.ts') },
  getattr: { says: 'a broker attribute', load: () => import('./commands/getattr.ts') },
  job: { says: 'operate on jobs by id', load: () => import('./commands/job.ts') },
  jobs: { says: 'list jobs', load: () => import('./commands/jobs.ts') },
  keygen: { says: 'write a CURVE certificate', load: () => import('./commands/keygen.ts') },
  ping: { says: 'measure the time requests to a service take', load: () => import('./commands/ping.ts') },
  lsattr: { says: 'all broker attributes', load: () => import('./commands/lsattr.ts') },
  logger: { says: 'write to the log of a broker', load: () => import('./commands/logger.ts') },
  overlay: { says: 'the tree of brokers', load: () => import('./commands/overlay.ts') },
  proxy: { says: 'a shell or command connected to an instance', load: () => import('./commands/proxy.ts') },
  pstree: { says: 'jobs as a tree', load: () => import('./commands/pstree.ts') },
  queue: { says: 'queues of jobs', load: () => import('./commands/queue.ts') },
  R: { says: 'make and read resource sets', load: () => import('./commands/R.ts') },
  relay: { says: 'carry messages between standard input and a broker', load: () => import('./commands/relay.ts') },
  resource: { says: 'resources of the instance', load: () => import('./commands/resource.ts') },
  run: { says: 'run a job and attach to it', load: () => import('./commands/run.ts') },
  setattr: { says: 'change a broker attribute', load: () => import('./commands/setattr.ts') },
  start: { says: 'start an instance', load: () => import('./commands/start.ts') },
  submit: { says: 'submit a job', load: () => import('./commands/submit.ts') },
  top: { says: 'running jobs and resources, live', load: () => import('./commands/top.ts') },
  update: { says: 'change what a job asks for', load: () => import('./commands/update.ts') },
  uptime: { says: 'how long the instance has run, and its size', load: () => import('./commands/uptime.ts') },
  uri: { says: 'where an instance is reached', load: () => import('./commands/uri.ts') },
  version: { says: 'versions of the commands and the broker', load: () => import('./commands/version.ts') },
};

export function commandNamed(name: string): CommandEntry | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

export function usage(): string {
  const rows = Object.entries(commands).map(([name, { says }]) => `   ${name.padEnd(18)} ${says}`);
  return `Usage: flux [OPTIONS] COMMAND ARGS\n\nCommands:\n${rows.join('\n')}\n\nSee: flux COMMAND --help\n`;
}
