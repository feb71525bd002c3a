/** `flux resource list`. */
import { CommandError } from '../../command-module.ts';
import { configurationFiles, type NamedFormat, namedFormat } from '../../formats/named-formats.ts';
import { outputFormat } from '../../formats/output-format.ts';
import { printRows } from '../../formats/print-table.ts';
import { parseSortKeys, sortRows, splitSortPrefix } from '../../formats/sort-rows.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { listLines } from './list-lines.ts';
import {
  formatOption,
  includeOption,
  noHeaderOption,
  queueOption,
  queuesOf,
  sourceOptions,
  statesOption,
  subcommandSyntax,
} from './options.ts';
import { listed } from './scheduler-view.ts';

const headings: Readonly<Record<string, string>> = {
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

const columns = '{state:>10} ?+:{queue:<5} ?:{propertiesx:<10.10+} {nnodes:>6} +:{ncores:>6}';
const formats: Readonly<Record<string, NamedFormat>> = {
  default: {
    description: 'Default flux-resource list format string',
    format: `${columns} ?+:{ngpus:>5} {nodelist}`,
  },
  rlist: {
    description: 'Format including resource list details',
    format: `${columns} ?:+{ngpus:>5} {rlist}`,
  },
};

const syntax = subcommandSyntax('list', {
  options: [
    formatOption,
    statesOption('Output resources in given states', 'free,allocated,down'),
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
    ...sourceOptions,
  ],
});

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  process.stdout.write(await listText(values));
  return 0;
}

/** Also for `flux resource info`, which is a list with a format of its own. */
export async function listText(values: Readonly<Record<string, unknown>>): Promise<string> {
  const found = await listed(values);
  const named = namedFormat(values['format'] as string, { name: 'flux-resource', table: 'list', formats });
  const { format: text, keys } = splitSortPrefix(named);
  const format = outputFormat(text);
  const unknown = format.fields.find((field) => !Object.hasOwn(headings, field));
  if (unknown !== undefined) throw new CommandError(`Unknown format field: ${unknown}`);
  const lines = listLines(found, { format, queues: queuesOf(values), hiddenQueues: hiddenQueues() });
  const skipsEmpty = values['skip-empty'] || (values['include'] !== undefined && !values['no-skip-empty']);
  const shown = lines.filter(({ set }) => !skipsEmpty || set.nodeCount > 0).map(({ row }) => row);
  const sortKeys = parseSortKeys(keys, (field) => Object.hasOwn(headings, field));
  const rows = sortRows(shown, (row) => row, sortKeys);
  return printRows(rows, format, { headings, header: !values['no-header'] });
}

function hiddenQueues(): Set<string> {
  const names = configurationFiles('flux-resource').flatMap(({ path, config }) => {
    const hidden = (config['list'] as Record<string, unknown> | undefined)?.['hidden-queues'] ?? [];
    if (!Array.isArray(hidden) || hidden.some((name) => typeof name !== 'string')) {
      throw new CommandError(`${path}: list.hidden-queues must be a list of strings`);
    }
    return hidden as string[];
  });
  return new Set(names);
}
