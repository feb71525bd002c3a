/** `flux resource status`: nodes by administrative state. */
import type { Flux } from '@ebb/flux-client';
import { Idset } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../../command-module.ts';
import { type NamedFormat, namedFormat } from '../../formats/named-formats.ts';
import { outputFormat } from '../../formats/output-format.ts';
import { printRows } from '../../formats/print-table.ts';
import { parseSortKeys, sortRows, splitSortPrefix } from '../../formats/sort-rows.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { nodeStates, type OtherStates, resourcesOf, type StatusReply } from './node-states.ts';
import {
  colorOption,
  failWithHint,
  formatOption,
  includeOption,
  noHeaderOption,
  queueOption,
  queuesOf,
  sourceOptions,
  statesOption,
  subcommandSyntax,
  wantsColor,
} from './options.ts';
import { allocatedRanks, readInput } from './scheduler-view.ts';
import { idsetOf, type QueueConfig, ranksOfQueues, ranksOfTargets, readConfigFile } from './selection.ts';
import { statusLines, usualStates, validStates } from './status-lines.ts';

const headings: Readonly<Record<string, string>> = {
  state: 'STATE',
  statex: 'STATE',
  nnodes: 'NNODES',
  ranks: 'RANKS',
  nodelist: 'NODELIST',
  reason: 'REASON',
  timestamp: 'TIME',
  status: 'STATUS',
  up: 'UP',
  'up.ascii': 'UP',
  color_up: '',
  color_off: '',
};

const columns = '{state:>12} {color_up}{up:>2}{color_off} {nnodes:>6}';
const formats: Readonly<Record<string, NamedFormat>> = {
  default: { description: 'Default flux-resource status format string', format: `${columns} {nodelist}` },
  long: { description: 'Long flux-resource status format string', format: `${columns} +:{reason:<30.30} {nodelist}` },
};

const syntax = subcommandSyntax('status', {
  options: [
    formatOption,
    statesOption('Output resources in given states'),
    includeOption,
    queueOption,
    noHeaderOption,
    colorOption,
    ...sourceOptions,
    { flags: ['--skip-empty'], takes: 'flag', help: 'Skip empty lines of output even with --states' },
  ],
});

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  const color = wantsColor(syntax, values);
  const hint = `valid states: ${validStates.join(',')}`;
  if (values['states'] === 'help') {
    process.stderr.write(`flux-resource: INFO: ${hint}\n`);
    throw new CommandExit(0);
  }
  const asked = (values['states'] as string | undefined) || undefined;
  const states = asked?.split(',') ?? usualStates;
  const wrong = states.find((state) => !(validStates as readonly string[]).includes(state));
  if (wrong !== undefined) failWithHint(`Invalid resource state ${wrong} specified`, hint);
  const format = namedFormat(values['format'] as string, { name: 'flux-resource', table: 'status', formats });
  const skipsEmpty = values['skip-empty'] === true || asked === undefined;
  process.stdout.write(await statusText({ values, states, format, color, skipsEmpty }));
  return 0;
}

export interface StatusOptions {
  readonly values: Readonly<Record<string, unknown>>;
  readonly states: readonly string[];
  readonly format: string;
  readonly color: boolean;
  readonly skipsEmpty: boolean;
}

export async function statusText({ values, states, format: named, color, skipsEmpty }: StatusOptions): Promise<string> {
  const { reply, others, config } = await source(values);
  const resources = resourcesOf(reply);
  const queues = queuesOf(values);
  const include = values['include'] as string | undefined;
  let chosen = queues.length > 0 ? ranksOfQueues(resources, config, queues) : undefined;
  // As in flux-core, what is included goes before what is in the queues.
  if (include !== undefined) chosen = idsetOf(include) ?? ranksOfTargets(resources, include);
  const { format: text, keys } = splitSortPrefix(named);
  const whole = outputFormat(text);
  const unknown = whole.fields.find((field) => !Object.hasOwn(headings, field));
  if (unknown !== undefined) throw new CommandError(`Unknown format field: ${unknown}`);
  const format = color ? whole : whole.without(['color_up', 'color_off']);
  const lines = statusLines(nodeStates(reply, others, chosen), { format, states, resources, skipsEmpty });
  const sortKeys = parseSortKeys(keys, (field) => Object.hasOwn(headings, field));
  const rows = sortRows(lines, (row) => row, sortKeys);
  return printRows(rows, format, { headings, header: !values['no-header'] });
}

interface Source {
  readonly reply: StatusReply;
  readonly others: OtherStates;
  readonly config: QueueConfig;
}

const nothing: StatusReply = { drain: {}, online: '', offline: '', exclude: '' };

async function source(values: Readonly<Record<string, unknown>>): Promise<Source> {
  const path = values['config-file'] as string | undefined;
  const needsConfig = queuesOf(values).length > 0;
  const given = needsConfig && path !== undefined ? readConfigFile(path) : undefined;
  if (values['from-stdin']) {
    const reply = readInput<StatusReply>() ?? nothing;
    return { reply, others: { allocated: Idset.empty, housekeeping: Idset.empty }, config: given ?? {} };
  }
  return withFlux(async (flux) => {
    const [reply, allocated, housekeeping] = await Promise.all([
      flux.rpc<StatusReply>('resource.status', undefined, { nodeid: 0 }),
      allocatedRanks(flux),
      housekeepingRanks(flux),
    ]);
    const config = given ?? (needsConfig ? await flux.rpc<QueueConfig>('config.get') : {});
    return { reply, others: { allocated, housekeeping }, config };
  });
}

interface ManagerStatistics {
  readonly housekeeping?: { readonly running?: Readonly<Record<string, { readonly allocated: string }>> };
}

/** The ranks that are being cleaned up after jobs; none where nobody knows. */
async function housekeepingRanks(flux: Flux): Promise<Idset> {
  const statistics = await flux
    .rpc<ManagerStatistics>('job-manager.stats-get', undefined, { nodeid: 0 })
    .catch((): ManagerStatistics => ({}));
  const running = Object.values(statistics.housekeeping?.running ?? {});
  return running.reduce((ranks, { allocated }) => ranks.union(Idset.parse(allocated)), Idset.empty);
}
