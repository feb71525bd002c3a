/** `flux overlay status`: how the tree of brokers is. */
import { Idset } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { colorOption, colorSyntax } from '../../options/c-values.ts';
import { HostMap } from '../../overlay/host-map.ts';
import { timeoutOf, timeoutOption } from '../../overlay/options.ts';
import { StatusTree, type StatusView } from '../../overlay/status-tree.ts';
import { fetchTopology } from '../../overlay/topology.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux overlay status',
  usage: '[OPTIONS]',
  description: 'Display overlay subtree health status',
  options: [
    {
      name: 'rank',
      key: 'r',
      takes: 'value',
      shown: 'NODEID',
      help: 'Check health of subtree rooted at NODEID (default 0)',
    },
    {
      name: 'verbose',
      key: 'v',
      takes: 'optional',
      shortTakes: false,
      shown: '[LEVEL]',
      help: 'Increase reporting detail: 1=show time since current state was entered, ' + '2=show round-trip RPC times.',
    },
    timeoutOption,
    { name: 'summary', help: 'Show only the root subtree status.' },
    { name: 'down', help: 'Show only the partial/degraded subtrees.' },
    {
      name: 'no-pretty',
      help: 'Do not indent entries and use line drawing characters to show overlay tree structure',
    },
    {
      name: 'no-ghost',
      help: 'Do not fill in presumed state of nodes that are inaccessible behind offline/lost overlay parents',
    },
    colorSyntax,
    {
      name: 'highlight',
      key: 'H',
      takes: 'value',
      shown: 'TARGET',
      help: 'Highlight one or more TARGETs and their ancestors.',
    },
    {
      name: 'wait',
      key: 'w',
      takes: 'value',
      shown: 'STATE',
      help: 'Wait until subtree enters STATE before reporting (full, partial, offline, degraded, lost)',
    },
  ],
};

const states = ['full', 'partial', 'degraded', 'lost', 'offline'];

export async function run(words: readonly string[]): Promise<void> {
  const options = parseCOptions(syntax, words);
  const rank = options.integer('rank') ?? 0;
  await withBroker(async (flux) => {
    const view = viewOf(options);
    const hosts = await HostMap.of(flux);
    const highlight = highlighted(options, hosts);
    const topology = await fetchTopology(flux);
    const tree = new StatusTree(flux, { hosts, topology, view: { ...view, highlight } }, (line) =>
      process.stdout.write(`${line}\n`),
    );
    await tree.walk(rank);
  });
}

function viewOf(options: COptions): StatusView {
  const verbose = options.text('verbose') === undefined ? options.count('verbose') : options.integer('verbose')!;
  const colors = colorOption(options, 'color');
  const timeoutMs = timeoutOf(options);
  const wait = options.text('wait');
  if (wait !== undefined && !states.includes(wait)) throw new CommandError('invalid --wait state');
  const shown = options.has('down') ? 'down' : 'all';
  return {
    shows: options.has('summary') ? 'summary' : shown,
    verbose,
    timeoutMs,
    wait,
    pretty: !options.has('no-pretty'),
    ghosts: !options.has('no-ghost'),
    colors,
    highlight: Idset.empty,
  };
}

function highlighted(options: COptions, hosts: HostMap): Idset {
  const all = Idset.range(0, hosts.size - 1);
  let ranks = Idset.empty;
  for (const targets of options.list('highlight')) {
    try {
      ranks = ranks.union(hosts.ranks(targets));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new CommandError(`Error decoding ${targets}: ${error.message}`);
    }
  }
  const beyond = ranks.subtract(all);
  if (beyond.size > 0) {
    throw new CommandError(`--highlight: rank${beyond.size > 1 ? 's' : ''} ${beyond} not in set ${all}`);
  }
  return ranks;
}
