/** `flux R encode`, `rerank` and `set-property`: sets from words. */
import { availableParallelism, hostname } from 'node:os';
import { FormatError, Idset, parseHostlist, printHostlist, ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import type { COptions } from '../options/c-options.ts';

/** @throws CommandError naming the option, or with the text given */
export function idsetOf(name: string, text: string, wrong = `Failed to decode ${name}='${text}' as idset`): Idset {
  try {
    return Idset.parse(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CommandError(wrong);
  }
}

export function encoded(options: COptions): ResourceSet {
  const isLocal = options.has('local');
  const gpus = options.text('gpus') ?? '';
  const given = options.text('cores') ?? '';
  if (isLocal && (given !== '' || gpus !== '')) {
    throw new CommandError('do not specify --cores or --gpus with --local or --xml');
  }
  const cores = isLocal ? Idset.range(0, availableParallelism() - 1).toString() : given || (gpus === '' ? '0' : '');
  const { ranks, hosts } = ranksAndHosts(options);
  const children: Record<string, string> = {};
  if (cores !== '') children['core'] = idsetOf('cores', cores, 'rlist_append rank=0: Invalid argument').toString();
  if (gpus !== '') children['gpu'] = idsetOf('gpus', gpus).toString();
  const set = ResourceSet.parse({
    version: 1,
    execution: {
      R_lite: ranks.size === 0 ? [] : [{ rank: ranks.toString(), children }],
      starttime: 0,
      expiration: 0,
      nodelist: hosts.length === 0 ? [] : [printHostlist(hosts)],
    },
  });
  return withProperties(set, options.list('property'));
}

function ranksAndHosts(options: COptions): { ranks: Idset; hosts: string[] } {
  const rankText = options.text('ranks');
  const hostText = options.text('hosts');
  const given = rankText === undefined ? undefined : idsetOf('ranks', rankText);
  const hosts = hostText === undefined ? Array(given?.size ?? 1).fill(hostname()) : hostsOf(hostText);
  const ranks = given ?? (hosts.length === 0 ? Idset.empty : Idset.range(0, hosts.length - 1));
  if (hosts.length !== ranks.size) {
    throw new CommandError(`hostname count in '${hostText}' does not match nranks (${ranks.size})`);
  }
  return { ranks, hosts };
}

function hostsOf(text: string): string[] {
  try {
    return parseHostlist(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CommandError(`invalid hostlist '${text}'`);
  }
}

/** Words are `NAME` or `NAME:RANKS`. @throws CommandError for a rank that is not there, or a name that RFC 20 forbids */
export function withProperties(set: ResourceSet, words: readonly string[]): ResourceSet {
  const fail = (text: string) => new CommandError(`failed to assign properties: ${text}`);
  const assigned = words.reduce((result, word) => {
    const colon = word.indexOf(':');
    const name = colon < 0 ? word : word.slice(0, colon);
    const ranks = colon < 0 ? set.ranks : idsetOf('ranks', word.slice(colon + 1));
    const invalid = /[!&'"^`|()]/.exec(name)?.[0];
    if (invalid) throw fail(`invalid character '${invalid}' in property "${name}"`);
    const absent = ranks.subtract(set.ranks).first();
    if (absent !== undefined) throw fail(`rank ${absent} not found in target resource list`);
    return result.withProperty(name, ranks);
  }, set.withoutProperties());
  // What was there comes after.
  return [...set.properties].reduce((result, [name, ranks]) => result.withProperty(name, ranks), assigned);
}

/** The nodes with their ranks by the place of their hosts in a list. */
export function reranked(set: ResourceSet, list: string): ResourceSet {
  const hosts = hostsOf(list);
  const wrong = hosts.length > set.nodeCount ? 'many' : hosts.length < set.nodeCount ? 'few' : undefined;
  if (wrong) throw new CommandError(`Too ${wrong} hosts specified (expected ${set.nodeCount})`);
  const free = [...set.ranks];
  const before = hosts.map((host) => {
    const at = free.findIndex((rank) => set.host(rank) === host);
    if (at < 0) throw new CommandError('failed to find one or more provided hosts in R');
    return free.splice(at, 1)[0]!;
  });
  const { version, execution } = set.toJSON();
  const childrenOf = (rank: number) => execution.R_lite.find((entry) => Idset.parse(entry.rank).has(rank))!.children;
  const properties = [...set.properties].map(([name, ranks]) => {
    const now = before.flatMap((rank, index) => (ranks.has(rank) ? [index] : []));
    return [name, Idset.of(now).toString()];
  });
  return ResourceSet.parse({
    version,
    execution: {
      ...execution,
      R_lite: before.map((rank, index) => ({ rank: String(index), children: childrenOf(rank) })),
      nodelist: [printHostlist(hosts)],
      properties: Object.fromEntries(properties),
    },
  });
}
