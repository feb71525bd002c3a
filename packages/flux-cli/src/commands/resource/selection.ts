/** The part of an instance that `--include` and `--queue` of `flux resource` choose, and how these are written. */
import type { Flux } from '@ebb/flux-client';
import { Idset, parseConstraint, parseHostlist, type ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import type { PythonOption } from '../../options/python-options.ts';

export const formatOption: PythonOption = {
  flags: ['-o', '--format'],
  takes: 'one',
  default: 'default',
  help: "Specify output format using Python's string format syntax or a defined format by name (use 'help' to get a list of names)",
};

export const includeOption: PythonOption = {
  flags: ['-i', '--include'],
  takes: 'one',
  shown: 'TARGETS',
  help: 'Include only specified targets in output set. TARGETS may be provided as an idset or hostlist.',
};

export const queueOption: PythonOption = {
  flags: ['-q', '--queue'],
  takes: 'append',
  shown: 'QUEUE,...',
  help: 'Include only specified queues in output',
};

export const noHeaderOption: PythonOption = {
  flags: ['-n', '--no-header'],
  takes: 'flag',
  help: 'Suppress header output',
};

interface QueueEntry {
  readonly requires?: readonly string[];
  /** Of a virtual queue: the one whose nodes it has. */
  readonly parent?: string;
}

/** The ranks of `whole` that the options choose; undefined when they choose nothing. @throws CommandError */
export async function selectedRanks(
  flux: Flux,
  whole: ResourceSet,
  values: Readonly<Record<string, unknown>>,
): Promise<Idset | undefined> {
  const queues = ((values['queue'] as string[] | undefined) ?? []).flatMap((text) => text.split(','));
  const include = values['include'] as string | undefined;
  let ranks: Idset | undefined;
  if (queues.length > 0) ranks = await ranksOfQueues(flux, whole, queues);
  if (include !== undefined) {
    const targets = ranksOfTargets(whole, include);
    ranks = ranks ? ranks.intersect(targets) : targets;
  }
  return ranks;
}

/** The nodes that an idset or a hostlist names. */
export function ranksOfTargets(whole: ResourceSet, targets: string): Idset {
  if (/^[[\d]/.test(targets)) return Idset.parse(targets).intersect(whole.ranks);
  const hosts = new Set(parseHostlist(targets));
  return Idset.of([...whole.ranks].filter((rank) => hosts.has(whole.host(rank)!)));
}

async function ranksOfQueues(flux: Flux, whole: ResourceSet, names: readonly string[]): Promise<Idset> {
  const { queues = {} } = await flux.rpc<{ queues?: Record<string, QueueEntry> }>('config.get');
  return names.reduce((ranks, name) => {
    if (!Object.hasOwn(queues, name)) throw new CommandError(`--queue: ${name}: no such queue`);
    const { parent } = queues[name]!;
    const entry = parent === undefined ? queues[name] : queues[parent];
    if (!entry) throw new CommandError(`--queue: queue '${name}': parent queue '${parent}' is not configured`);
    const properties = entry.requires;
    return ranks.union(properties ? whole.matching(parseConstraint({ properties })) : whole.ranks);
  }, Idset.empty);
}
