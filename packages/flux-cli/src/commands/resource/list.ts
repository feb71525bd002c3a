/** `flux resource list`. */
import { connect, type Flux } from '@ebb/flux-client';
import { Idset, parseHostlist, printHostlist, type ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { printTable } from '../../formats/print-table.ts';
import { parser } from '../../parser.ts';
import { resourcesIn, schedulerView } from './scheduler-view.ts';

export const headings = {
  state: 'STATE',
  queue: 'QUEUE',
  properties: 'PROPERTIES',
  propertiesx: 'PROPERTIES',
  nnodes: 'NNODES',
  ncores: 'NCORES',
  ngpus: 'NGPUS',
  ranks: 'RANKS',
  nodelist: 'NODELIST',
  rlist: 'LIST',
};

const formats: Record<string, string> = {
  default: '{state:>10} ?+:{queue:<5} ?:{propertiesx:<10.10+} {nnodes:>6} +:{ncores:>6} ?+:{ngpus:>5} {nodelist}',
  rlist: '{state:>10} ?+:{queue:<5} ?:{propertiesx:<10.10+} {nnodes:>6} +:{ncores:>6} ?+:{ngpus:>5} {rlist}',
};

export async function run(words: string[]): Promise<number> {
  const program = parser('resource list', 'List resources by state')
    .option('-s, --states <states>', 'states, comma separated: all, up, down, free, allocated', 'free,allocated,down')
    .option('-o, --format <format>', 'an output format or its name', 'default')
    .option('-i, --include <targets>', 'only these ranks (idset) or hosts (hostlist)')
    .option('-n, --no-header', 'without the header line');
  program.parse(words, { from: 'user' });
  const options = program.opts<{ states: string; format: string; header: boolean; include?: string }>();
  const flux = await connect();
  try {
    process.stdout.write(await list(flux, options));
  } finally {
    await flux.close();
  }
  return 0;
}

async function list(
  flux: Flux,
  options: { states: string; format: string; header: boolean; include?: string },
): Promise<string> {
  const view = await schedulerView(flux);
  const rows = options.states.split(',').flatMap((state) => {
    const resources = resourcesIn(view, state);
    if (!resources) throw new CommandError(`Invalid resource state ${state} specified`);
    return rowsOf(state, options.include ? included(resources, options.include) : resources);
  });
  const format = formats[options.format] ?? options.format;
  return printTable(
    rows.map((row) => (field) => {
      if (!Object.hasOwn(row, field)) throw new CommandError(`Unknown format field: ${field}`);
      return row[field as keyof typeof row];
    }),
    { format, headings, header: options.header },
  );
}

/** One row for each kind of node in a state, alike in properties; a state without nodes has one row too. */
export function rowsOf(state: string, resources: ResourceSet) {
  const groups = new Map<string, number[]>();
  for (const rank of resources.ranks) {
    const properties = [...resources.properties].filter(([, ranks]) => ranks.has(rank)).map(([name]) => name);
    const key = properties.join(',');
    groups.set(key, [...(groups.get(key) ?? []), rank]);
  }
  if (groups.size === 0) groups.set('', []);
  return [...groups].map(([properties, ranks]) => {
    const set = resources.pick(Idset.of(ranks));
    return {
      state,
      queue: '',
      properties,
      propertiesx: properties,
      nnodes: set.nodeCount,
      ncores: set.coreCount,
      // A string, so that a 0 is shown and the column stays as flux-core has it.
      ngpus: String(set.gpuCount),
      ranks: set.ranks.toString(),
      nodelist: printHostlist(set.hosts),
      rlist: summary(set),
    };
  });
}

/** `rank[0-3]/core[0-3]`, as RFC 20 resources are shown in short. */
export function summary(set: ResourceSet): string {
  return set
    .toJSON()
    .execution.R_lite.map(({ rank, children }) => {
      const ids = (kind: string) =>
        children[kind] ? `${kind}${Idset.parse(children[kind]).toBracketString()}` : undefined;
      return `rank${Idset.parse(rank).toBracketString()}/${['core', 'gpu'].map(ids).filter(Boolean).join(',')}`;
    })
    .join(' ');
}

/** The nodes of a set that `targets`, an idset or a hostlist, names. */
export function included(resources: ResourceSet, targets: string): ResourceSet {
  if (/^[[\d]/.test(targets)) return resources.pick(Idset.parse(targets));
  const hosts = new Set(parseHostlist(targets));
  return resources.pick(Idset.of([...resources.ranks].filter((rank) => hosts.has(resources.host(rank)!))));
}
