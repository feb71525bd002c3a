/** `flux job taskmap`. */
import { type Flux, FluxError, lookupJobResources, watchEventlog } from '@ebb/flux-client';
import { FormatError, Taskmap } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { tryJobId, withFlux } from '../../jobs/job-ids.ts';
import { type COptions, parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job taskmap',
  usage: '[OPTION] JOBID|TASKMAP',
  description: 'Utility function for working with job task maps',
  options: [
    { name: 'taskids', takes: 'value', shown: 'NODEID', help: 'Print idset of tasks on node NODEID' },
    { name: 'ntasks', takes: 'value', shown: 'NODEID', help: 'Print number of tasks on node NODEID' },
    {
      name: 'nodeid',
      takes: 'value',
      shown: 'TASKID',
      help: 'Print the shell rank/nodeid on which a taskid executed',
    },
    { name: 'hostname', takes: 'value', shown: 'TASKID', help: 'Print the hostname on which a taskid executed' },
    {
      name: 'to',
      takes: 'value',
      shown: 'FORMAT',
      help: 'Convert an RFC 34 taskmap to another format (FORMAT can be raw, pmi, hosts, or multiline)',
    },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length === 0) options.failWithUsage();
  const [text] = options.words as [string];
  const id = tryJobId(text);
  const lines =
    id === undefined
      ? await answer(options, parse(text), undefined)
      : await withFlux(async (flux) => answer(options, await jobTaskmap(flux, id), () => jobHosts(flux, id)));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

function parse(text: string): Taskmap {
  try {
    return Taskmap.parse(text);
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError(`error decoding taskmap: ${error.message}`);
    throw error;
  }
}

async function jobTaskmap(flux: Flux, id: bigint): Promise<Taskmap> {
  try {
    for await (const event of watchEventlog(flux, id, { path: 'guest.exec.eventlog' })) {
      if (event.name === 'shell.start') return Taskmap.parse(event.context!['taskmap']);
    }
  } catch (error) {
    if (error instanceof FluxError) throw new CommandError(`No such job or taskmap: ${error.message}`);
    throw error;
  }
  throw new CommandError('No taskmap found for job');
}

async function jobHosts(flux: Flux, id: bigint): Promise<string[]> {
  return (await lookupJobResources(flux, id)).hosts;
}

async function answer(
  options: COptions,
  map: Taskmap,
  hosts: (() => Promise<readonly string[]>) | undefined,
): Promise<string[]> {
  const ofNode = options.integer('taskids');
  if (ofNode !== undefined) {
    if (ofNode < 0 || ofNode >= map.nodeCount) {
      throw new CommandError(`No taskids for node ${ofNode}: No such file or directory`);
    }
    return [map.tasksOf(ofNode).toString()];
  }
  const counted = options.integer('ntasks');
  if (counted !== undefined) {
    if (counted < 0 || counted >= map.nodeCount) {
      throw new CommandError(`failed to get task count for node ${counted}: No such file or directory`);
    }
    return [String(map.tasksOf(counted).size)];
  }
  const task = options.integer('nodeid') ?? options.integer('hostname');
  if (task !== undefined) {
    const node = map.nodeOf(task);
    if (node === undefined) throw new CommandError(`failed to get nodeid for task ${task}: No such file or directory`);
    if (!options.has('hostname')) return [String(node)];
    if (!hosts) throw new CommandError("taskmap: can't use --hostname without a jobid");
    return [(await hosts())[node]!];
  }
  switch (options.text('to')) {
    case undefined:
      return [map.toString()];
    case 'raw':
      return [map.toRawString()];
    case 'pmi':
      return [map.toPmiString()];
    case 'multiline':
      return Array.from({ length: map.taskCount }, (_, id) => `${id}: ${map.nodeOf(id)}`);
    case 'hosts': {
      if (!hosts) throw new CommandError("taskmap: can't use --to=hosts without a jobid");
      return (await hosts()).slice(0, map.nodeCount).map((host, node) => `${host}: ${map.tasksOf(node)}`);
    }
    default:
      throw new CommandError(`invalid value --to=${options.text('to')}`);
  }
}
