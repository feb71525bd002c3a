/** `flux resource list`. */
import type { Flux } from '@ebb/flux-client';
import { Idset, printHostlist, type ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { printTable } from '../../formats/print-table.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { type PythonSyntax, parsePythonOptions } from '../../options/python-options.ts';
import { resourcesIn, schedulerView } from './scheduler-view.ts';
import { formatOption, includeOption, noHeaderOption, queueOption, selectedRanks } from './selection.ts';

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

const syntax: PythonSyntax = {
  program: 'flux-resource list',
  options: [
    formatOption,
    { flags: ['-s', '--states'], takes: 'one', shown: 'STATE,...', help: 'Output resources in given states' },
    includeOption,
    queueOption,
    {
      flags: ['--skip-empty'],
      takes: 'flag',
      help: 'Skip empty lines. This is the default with -i, --include.',
    },
    {
      flags: ['--no-skip-empty'],
      takes: 'flag',
      help: 'Do not skip empty lines, even with --include.',
    },
    noHeaderOption,
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  process.stdout.write(await withFlux((flux) => list(flux, values)));
  return 0;
}

async function list(flux: Flux, values: Record<string, unknown>): Promise<string> {
  const asked = (values['states'] as string | undefined) ?? 'free,allocated,down';
  const view = await schedulerView(flux);
  const ranks = await selectedRanks(flux, resourcesIn(view, 'all')!, values);
  const rows = asked.split(',').flatMap((state) => {
    const resources = resourcesIn(view, state);
    if (!resources) throw new CommandError(`Invalid resource state ${state} specified`);
    return rowsOf(state, ranks ? resources.pick(ranks) : resources);
  });
  const skipsEmpty = values['skip-empty'] || (values['include'] !== undefined && !values['no-skip-empty']);
  const shown = skipsEmpty ? rows.filter(({ nnodes }) => nnodes > 0) : rows;
  const name = values['format'] as string;
  const format = formats[name] ?? name;
  return printTable(
    shown.map((row) => (field) => {
      if (!Object.hasOwn(row, field)) throw new CommandError(`Unknown format field: ${field}`);
      return row[field as keyof typeof row];
    }),
    { format, headings, header: !values['no-header'] },
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
