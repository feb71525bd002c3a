/** The part of an instance that `--include` and `--queue` of `flux resource` choose. */
import { readFileSync } from 'node:fs';
import { FormatError, Idset, parseConstraint, parseHostlist, type ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';

export interface QueueEntry {
  readonly requires?: readonly string[];
  /** Of a virtual queue: the one whose nodes it has. */
  readonly parent?: string;
}

/** What of the configuration of an instance matters here. */
export interface QueueConfig {
  readonly queues?: Readonly<Record<string, QueueEntry>>;
}

/** @throws CommandError when the file is no JSON object */
export function readConfigFile(path: string): QueueConfig {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as QueueConfig;
  } catch (error) {
    throw new CommandError(
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? `No such file or directory: '${path}'`
        : `${path}: ${(error as Error).message}`,
    );
  }
}

/** The entry that tells which nodes a queue has: for a virtual queue its parent's. */
export function effectiveEntry(queues: Readonly<Record<string, QueueEntry>>, name: string): QueueEntry {
  const { parent } = queues[name]!;
  if (parent === undefined) return queues[name]!;
  if (!Object.hasOwn(queues, parent)) {
    throw new CommandError(`--queue: queue '${name}': parent queue '${parent}' is not configured`);
  }
  return queues[parent]!;
}

/** The ranks of some queues. @throws CommandError for a queue that there is not */
export function ranksOfQueues(whole: ResourceSet, { queues = {} }: QueueConfig, names: readonly string[]): Idset {
  return names.reduce((ranks, name) => {
    if (!Object.hasOwn(queues, name)) throw new CommandError(`--queue: ${name}: no such queue`);
    const properties = effectiveEntry(queues, name).requires;
    return ranks.union(properties ? whole.matching(parseConstraint({ properties })) : whole.ranks);
  }, Idset.empty);
}

/** The nodes that an idset or a hostlist names, of those that there are. @throws CommandError when it is neither */
export function ranksOfTargets(whole: ResourceSet, targets: string): Idset {
  const ids = idsetOf(targets);
  if (ids) return ids.intersect(whole.ranks);
  const hosts = hostsOf(targets);
  if (!hosts) throw new CommandError(`--include: Invalid hostlist: '${targets}'`);
  // Of nodes with one name the first is meant.
  const first = hosts.map((host) => [...whole.ranks].find((rank) => whole.host(rank) === host));
  return Idset.of(first.filter((rank) => rank !== undefined));
}

/** @returns undefined when the text is no idset */
export function idsetOf(text: string): Idset | undefined {
  return tryParse(() => Idset.parse(text));
}

/** @returns undefined when the text is no hostlist */
export function hostsOf(text: string): string[] | undefined {
  return tryParse(() => parseHostlist(text));
}

function tryParse<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
