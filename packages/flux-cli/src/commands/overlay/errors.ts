/** `flux overlay errors`: why brokers are not there, those of the same reason together. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { Idset, printHostlist } from '@ebb/flux-formats';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { fetchHealth } from '../../overlay/health.ts';
import { HostMap } from '../../overlay/host-map.ts';
import { defaultTimeoutSeconds, timeoutOf, timeoutOption } from '../../overlay/options.ts';
import { fetchTopology, ranksOf, subtree, type Topology } from '../../overlay/topology.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux overlay errors',
  usage: '[OPTIONS]',
  description: 'Summarize overlay errors',
  options: [timeoutOption],
};

export async function run(words: readonly string[]): Promise<void> {
  const options = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    const [hosts, topology] = await Promise.all([HostMap.of(flux), fetchTopology(flux)]);
    // The answer of the root of a large flat tree takes longer.
    const seconds = hosts.size > 2048 ? (defaultTimeoutSeconds * hosts.size) / 2000 : defaultTimeoutSeconds;
    const errors = await gatherErrors(flux, topology, timeoutOf(options, seconds));
    for (const [error, ranks] of errors) process.stdout.write(`${printHostlist(hosts.hosts(ranks))}: ${error}\n`);
  });
}

/** Ranks by what is said of them. */
export async function gatherErrors(
  flux: Flux,
  topology: Topology,
  timeoutMs: number | undefined,
): Promise<Map<string, Idset>> {
  const errors = new Map<string, Idset>();
  const add = (error: string, ranks: Idset) => {
    if (ranks.size > 0) errors.set(error, (errors.get(error) ?? Idset.empty).union(ranks));
  };
  const addLost = (error: string, rank: number) => {
    add(error, Idset.of([rank]));
    const below = subtree(topology, rank);
    if (below) add('lost parent', ranksOf(below).without(rank));
  };
  const gather = async (rank: number): Promise<void> => {
    let children: Awaited<ReturnType<typeof fetchHealth>>['children'];
    try {
      ({ children } = await fetchHealth(flux, rank, timeoutMs));
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
      addLost(error.message, rank);
      return;
    }
    const live: number[] = [];
    for (const child of children) {
      if (child.status === 'lost') addLost(child.error ?? 'unknown error', child.rank);
      else if (child.status !== 'offline') live.push(child.rank);
      else if (child.error) add(child.error, Idset.of([child.rank]));
    }
    await Promise.all(live.map(gather));
  };
  await gather(0);
  return errors;
}
