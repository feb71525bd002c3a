/** `flux sproc ps`. */
import { CommandError } from '../../command-module.ts';
import { outputFormat } from '../../formats/output-format.ts';
import { printTable } from '../../formats/print-table.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import type { PythonSyntax } from '../../options/python-syntax.ts';
import { above, routeOf, type ServiceValues, serviceOptions, tellFailure } from './requests.ts';

const headings: Readonly<Record<string, string>> = {
  pid: 'PID',
  state: 'ST',
  label: 'LABEL',
  rank: 'RANK',
  cmd: 'COMMAND',
};

const syntax: PythonSyntax = {
  program: 'flux-sproc ps',
  above,
  options: [
    ...serviceOptions,
    {
      flags: ['-o', '--format'],
      takes: 'one',
      default: '{pid:>9} {state:<2} {label:<12} {cmd}',
      help: "Specify output format using Python's string format syntax",
    },
    { flags: ['-n', '--no-header'], takes: 'flag', help: 'Suppress header output' },
  ],
};

interface Listed {
  readonly rank: number;
  readonly procs: readonly Readonly<Record<string, unknown>>[];
}

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  const format = values['format'] as string;
  const unknown = outputFormat(format).fields.find((field) => !Object.hasOwn(headings, field));
  if (unknown !== undefined) throw new CommandError(`Unknown format field: ${unknown}`);
  const service = values as unknown as ServiceValues;
  return withFlux(async (flux) => {
    try {
      const { rank, procs } = await flux.rpc<Listed>(`${service.service}.list`, {}, routeOf(service));
      const rows = procs.map((process) => (field: string) => {
        if (field === 'rank') return rank;
        return field === 'label' ? process['label'] || '-' : process[field];
      });
      process.stdout.write(printTable(rows, { format, headings, header: values['no-header'] !== true }));
      return 0;
    } catch (error) {
      return tellFailure('ps', error);
    }
  });
}
