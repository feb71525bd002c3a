/** `flux resource drain [TARGETS [REASON]]`. */
import { FluxError } from '@ebb/flux-client';
import { Idset, printHostlist, ResourceSet } from '@ebb/flux-formats';
import { printTable } from '../../formats/print-table.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { type PythonSyntax, parsePythonOptions } from '../../options/python-options.ts';
import { drainRequest, modeOptions } from './drain-modes.ts';
import { formatOption, includeOption, noHeaderOption, queueOption, selectedRanks } from './selection.ts';

const headings = {
  timestamp: 'TIME',
  state: 'STATE',
  reason: 'REASON',
  nodelist: 'NODELIST',
  ranks: 'RANKS',
  nnodes: 'NNODES',
};
const defaultFormat = '{timestamp!d:%b%d %R::<12} {state:<8.8} {reason:<30.30+} {nodelist}';

interface Status {
  readonly R: unknown;
  readonly drain: Record<string, { timestamp: number; reason: string }>;
  readonly offline: string;
}

const { update, force } = modeOptions('drain', 'already drained');
const syntax: PythonSyntax = {
  program: 'flux-resource drain',
  positionals: [
    { name: 'targets', takes: 'optional', help: 'List of targets to drain (IDSET or HOSTLIST)' },
    { name: 'reason', takes: 'rest', help: 'Reason' },
  ],
  options: [
    force,
    update,
    includeOption,
    queueOption,
    {
      ...formatOption,
      help: "Specify output format using Python's string format syntax or a defined format by name (only used when no drain targets specified)",
    },
    noHeaderOption,
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const { values, words: given } = parsePythonOptions(syntax, words);
  const [targets, ...reason] = given;
  return withFlux(async (flux) => {
    if (targets === undefined) {
      const status = await flux.rpc<Status>('resource.status', undefined, { nodeid: 0 });
      const ranks = await selectedRanks(flux, ResourceSet.parse(status.R), values);
      process.stdout.write(drainList(status, ranks, values));
      return 0;
    }
    const request = drainRequest(values, targets, reason);
    try {
      await flux.rpc('resource.drain', request, { nodeid: 0 });
    } catch (error) {
      if (!(error instanceof FluxError && error.code === 'EEXIST')) throw error;
      process.stderr.write(`flux-resource: ERROR: [Errno ${error.errno}] ${error.message}\n`);
      process.stderr.write('flux-resource: INFO: Use --force to overwrite existing drain reason\n');
      return 1;
    }
    return 0;
  });
}

function drainList(status: Status, chosen: Idset | undefined, values: Readonly<Record<string, unknown>>): string {
  const resources = ResourceSet.parse(status.R);
  const offline = Idset.parse(status.offline);
  const rows = Object.entries(status.drain).flatMap(([ids, { timestamp, reason }]) => {
    const ranks = chosen ? Idset.parse(ids).intersect(chosen) : Idset.parse(ids);
    if (ranks.size === 0) return [];
    const row: Record<string, unknown> = {
      timestamp,
      state: `drained${ranks.intersect(offline).size > 0 ? '*' : ''}`,
      reason,
      ranks: ranks.toString(),
      nnodes: ranks.size,
      nodelist: printHostlist([...ranks].map((rank) => resources.host(rank) ?? `rank${rank}`)),
    };
    return [(field: string) => row[field]];
  });
  const asked = values['format'] as string;
  const format = asked === 'default' ? defaultFormat : asked;
  return printTable(rows, { format, headings, header: !values['no-header'] });
}
