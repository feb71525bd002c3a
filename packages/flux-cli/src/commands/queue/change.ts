/** `flux queue status`, `enable`, `disable`, `start` and `stop`. */
import type { Flux } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import type { PythonOption, PythonSyntax } from '../../options/python-syntax.ts';
import { failureWithText } from '../../with-broker.ts';
import { queueCommand } from './syntax.ts';

interface QueueStatus {
  readonly enable: boolean;
  readonly start: boolean;
  readonly disable_reason?: string;
  readonly stop_reason?: string;
}

interface ChangeValues {
  readonly 'old-queue'?: string;
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly nocheckpoint?: boolean;
  readonly message?: string;
}

function syntaxOf(name: string): PythonSyntax {
  const changes = name !== 'status';
  const verb = { stop: 'stopped', disable: 'disabled' }[name];
  const all: PythonOption[] = [
    { flags: ['-a', '--all'], takes: 'flag', help: 'Force command to apply to all queues if none specified' },
    { flags: ['--quiet'], takes: 'flag', help: 'Display only errors' },
  ];
  const closing: PythonOption[] = [
    { flags: ['--nocheckpoint'], takes: 'flag', help: `Do not checkpoint that the queue has been ${verb}` },
    {
      flags: ['-m', '--message'],
      takes: 'one',
      shown: 'REASON',
      help: `Add reason that a queue is ${verb}`,
    },
  ];
  return {
    program: `flux-queue ${name}`,
    above: queueCommand,
    options: [
      { flags: ['-q', '--queue'], key: 'old-queue', takes: 'one' },
      ...(changes ? all : []),
      {
        flags: ['-v', '--verbose'],
        takes: 'flag',
        help: 'Display more detail about internal job manager state',
      },
      ...(verb ? closing : []),
    ],
    positionals: [{ name: 'queue', shown: 'QUEUE', takes: 'optional', help: `Queue to ${name}` }],
  };
}

export async function run(name: string, words: readonly string[]): Promise<number> {
  const parsed = parsePythonOptions(syntaxOf(name), words);
  const values = parsed.values as ChangeValues;
  const old = values['old-queue'];
  const [given] = parsed.words;
  if (old !== undefined && given !== undefined) {
    throw new CommandError(`Conflicting queues specified as --queue=${old} and ${given}`);
  }
  const queue = old ?? given;
  return withFlux(async (flux) => {
    if (name === 'enable' || name === 'disable') await enable(flux, name === 'enable', queue, values);
    if (name === 'start' || name === 'stop') await start(flux, name === 'start', queue, values);
    if (values.quiet) return 0;
    for (const [title, status] of await statuses(flux, queue, values.verbose === true)) {
      const prefix = title ? `${title}: ` : '';
      if (name !== 'start' && name !== 'stop') process.stdout.write(`${prefix}${submissionText(status)}\n`);
      if (name !== 'enable' && name !== 'disable') process.stdout.write(`${prefix}${schedulingText(status)}\n`);
    }
    if (values.verbose && name !== 'enable' && name !== 'disable') await printAllocation(flux);
    return 0;
  });
}

function submissionText({ enable: isEnabled, disable_reason: reason }: QueueStatus): string {
  return isEnabled ? 'Job submission is enabled' : `Job submission is disabled: ${reason}`;
}

function schedulingText({ start: isStarted, stop_reason: reason }: QueueStatus): string {
  return isStarted ? 'Scheduling is started' : `Scheduling is stopped${reason === undefined ? '' : `: ${reason}`}`;
}

async function enable(flux: Flux, isEnabled: boolean, queue: string | undefined, values: ChangeValues): Promise<void> {
  const reason = isEnabled ? undefined : values.message || 'disabled by administrator';
  await request(flux, 'enable', 'job-manager.queue-enable', {
    enable: isEnabled,
    all: values.all === true,
    ...(queue ? { name: queue } : {}),
    ...(reason ? { reason } : {}),
  });
}

async function start(flux: Flux, isStarted: boolean, queue: string | undefined, values: ChangeValues): Promise<void> {
  if (!queue && !values.all && (await queueNames(flux)).length > 0) {
    throw new CommandError('Named queues are defined. Specify queues or use --all.');
  }
  await request(flux, 'start', 'job-manager.queue-start', {
    start: isStarted,
    all: values.all === true,
    nocheckpoint: values.nocheckpoint === true,
    ...(queue ? { name: queue } : {}),
    ...(values.message ? { reason: values.message } : {}),
  });
}

async function statuses(
  flux: Flux,
  queue: string | undefined,
  verbose: boolean,
): Promise<[string | undefined, QueueStatus][]> {
  const names = await queueNames(flux);
  const one = (name?: string) => request<QueueStatus>(flux, 'status', 'job-manager.queue-status', name ? { name } : {});
  if (queue && !verbose) return [[queue, await one(queue)]];
  if (names.length === 0) return [[queue, await one()]];
  return Promise.all(names.map(async (name): Promise<[string, QueueStatus]> => [name, await one(name)]));
}

async function queueNames(flux: Flux): Promise<string[]> {
  return (await request<{ queues: string[] }>(flux, 'list', 'job-manager.queue-list')).queues;
}

async function printAllocation(flux: Flux): Promise<void> {
  type Answer = { queue_length: number; alloc_pending: number; running: number };
  const { queue_length, alloc_pending, running } = await request<Answer>(
    flux,
    'alloc-query',
    'job-manager.alloc-query',
  );
  process.stdout.write(
    `${queue_length} alloc requests queued\n${alloc_pending} alloc requests pending to scheduler\n${running} running jobs\n`,
  );
}

async function request<T = unknown>(flux: Flux, what: string, topic: string, payload?: unknown): Promise<T> {
  try {
    return await flux.rpc<T>(topic, payload, { nodeid: 0 });
  } catch (error) {
    return failureWithText(what, error);
  }
}
