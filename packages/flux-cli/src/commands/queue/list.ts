/** `flux queue list`. */
import { CommandError } from '../../command-module.ts';
import { namedFormat } from '../../formats/named-formats.ts';
import { outputFormat } from '../../formats/output-format.ts';
import { printTable } from '../../formats/print-table.ts';
import { parseSortKeys, sortRows, splitSortPrefix } from '../../formats/sort-rows.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import type { PythonSyntax } from '../../options/python-syntax.ts';
import { queueFormats, queueHeadings } from '../../queues/queue-formats.ts';
import { queueRows } from '../../queues/queue-info.ts';
import { queueCommand } from './syntax.ts';

const syntax: PythonSyntax = {
  program: 'flux-queue list',
  above: queueCommand,
  options: [
    {
      flags: ['-q', '--queue'],
      takes: 'append',
      shown: 'QUEUE,...',
      help: 'Include only specified queues in output',
    },
    {
      flags: ['-o', '--format'],
      takes: 'one',
      default: 'default',
      help: "Specify output format using Python's string format syntax or a defined format by name (use 'help' to get a list of names)",
    },
    { flags: ['-n', '--no-header'], takes: 'flag', help: 'Suppress header output' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  const asked = values['format'] as string;
  const given = namedFormat(asked, { name: 'flux-queue', table: 'list', formats: queueFormats });
  const { format, keys } = splitSortPrefix(given);
  const unknown = outputFormat(format).fields.find((field) => !Object.hasOwn(queueHeadings, field));
  if (unknown !== undefined) throw new CommandError(`Unknown format field: ${unknown}`);
  const sortKeys = parseSortKeys(keys, (field) => Object.hasOwn(queueHeadings, field));
  const queues = ((values['queue'] as string[] | undefined) ?? []).flatMap((text) => text.split(','));
  const rows = sortRows(await withFlux((flux) => queueRows(flux, queues)), (row) => row, sortKeys);
  const header = values['no-header'] !== true;
  process.stdout.write(printTable(rows, { format, headings: queueHeadings, header }));
  return 0;
}
