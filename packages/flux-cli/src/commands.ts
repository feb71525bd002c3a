/** The subcommands there are; each is loaded when it is called. */
import type { CommandModule } from './command-module.ts';

export interface CommandEntry {
  /** What it does; of the commands that `flux --help` shows, in flux-core's words. */
  readonly says: string;
  readonly load: () => Promise<CommandModule>;
}

const commands: Readonly<Record<string, CommandEntry>> = {
  alloc: { says: 'allocate a new Flux instance for interactive use', load: () => import('./commands/alloc.ts') },
  batch: { says: 'submit a batch script to Flux', load: () => import('./commands/batch.ts') },
  broker: { says: 'run one broker of an instance', load: () => import('./commands/broker.ts') },
  bulksubmit: { says: 'submit jobs in bulk to a Flux instance', load: () => import('./commands/bulksubmit.ts') },
  cancel: { says: 'cancel one or more jobs', load: () => import('./commands/cancel.ts') },
  config: { says: 'Manage/query Flux configuration', load: () => import('./commands/config.ts') },
  dmesg: { says: 'show or clear the log of a broker', load: () => import('./commands/dmesg.ts') },
  dump: { says: 'the key-value store as an archive', load: () => import('./commands/dump.ts') },
  env: { says: 'Print the flux environment or execute a command inside it', load: () => import('./commands/env.ts') },
  event: { says: 'publish events and show them', load: () => import('./commands/event.ts') },
  exec: { says: 'run a program on brokers', load: () => import('./commands/exec.ts') },
  getattr: { says: 'a broker attribute', load: () => import('./commands/getattr.ts') },
  hostlist: { says: 'fetch, combine, and manipulate Flux hostlists', load: () => import('./commands/hostlist.ts') },
  job: { says: 'get job status, info, etc (see: flux help job)', load: () => import('./commands/job.ts') },
  jobs: { says: 'list jobs submitted to Flux', load: () => import('./commands/jobs.ts') },
  keygen: { says: 'write a CURVE certificate', load: () => import('./commands/keygen.ts') },
  ping: { says: 'measure the time requests to a service take', load: () => import('./commands/ping.ts') },
  lsattr: { says: 'all broker attributes', load: () => import('./commands/lsattr.ts') },
  kvs: { says: 'the key-value store', load: () => import('./commands/kvs.ts') },
  logger: { says: 'write to the log of a broker', load: () => import('./commands/logger.ts') },
  module: { says: 'the modules of a broker', load: () => import('./commands/module.ts') },
  overlay: { says: 'Show flux overlay network status', load: () => import('./commands/overlay.ts') },
  proxy: { says: 'proxy connections to Flux jobs and instances', load: () => import('./commands/proxy.ts') },
  pstree: { says: 'display job hierarchies', load: () => import('./commands/pstree.ts') },
  queue: { says: 'list and manipulate flux queues', load: () => import('./commands/queue.ts') },
  R: { says: 'make and read resource sets', load: () => import('./commands/R.ts') },
  relay: { says: 'carry messages between standard input and a broker', load: () => import('./commands/relay.ts') },
  resource: { says: 'list/manipulate Flux resource status', load: () => import('./commands/resource.ts') },
  restore: { says: 'an archive back into the key-value store', load: () => import('./commands/restore.ts') },
  run: { says: 'run a Flux job interactively', load: () => import('./commands/run.ts') },
  setattr: { says: 'change a broker attribute', load: () => import('./commands/setattr.ts') },
  shutdown: { says: 'end an instance', load: () => import('./commands/shutdown.ts') },
  sproc: { says: 'programs that brokers run in the background', load: () => import('./commands/sproc.ts') },
  start: { says: 'bootstrap a local Flux instance', load: () => import('./commands/start.ts') },
  startlog: { says: 'starts and ends of the instance', load: () => import('./commands/startlog.ts') },
  submit: { says: 'submit a job to a Flux instance', load: () => import('./commands/submit.ts') },
  top: { says: 'display running Flux jobs', load: () => import('./commands/top.ts') },
  update: { says: 'update active Flux jobs', load: () => import('./commands/update.ts') },
  uptime: { says: 'Tell how long Flux has been up and running', load: () => import('./commands/uptime.ts') },
  uri: { says: 'where an instance is reached', load: () => import('./commands/uri.ts') },
  version: { says: 'Display flux version information', load: () => import('./commands/version.ts') },
};

export function commandNamed(name: string): CommandEntry | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

export function commandNames(): string[] {
  return Object.keys(commands);
}
