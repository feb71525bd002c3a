/** `flux resource drain [TARGETS [REASON]]`. */
import { FluxError } from '@ebb/flux-client';
import { CommandExit } from '../../command-module.ts';
import { ConnectError } from '../../connect-broker.ts';
import { type NamedFormat, namedFormat } from '../../formats/named-formats.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { drainRequest, modeOptions } from './drain-modes.ts';
import {
  colorOption,
  failWithHint,
  formatOption,
  includeOption,
  noHeaderOption,
  queueOption,
  subcommandSyntax,
  wantsColor,
} from './options.ts';
import { statusText } from './status.ts';

const columns = '{timestamp!d:%b%d %R::<12} {state:<8.8}';
const formats: Readonly<Record<string, NamedFormat>> = {
  long: {
    description: 'Long flux-resource drain format string',
    format: `${columns} {ranks:<8.8+} +:{reason:<30.30} {nodelist}`,
  },
  default: {
    description: 'Default flux-resource drain format string',
    format: `${columns} {reason:<30.30+} {nodelist}`,
  },
};

const { update, force } = modeOptions('drain', 'already drained');
const syntax = subcommandSyntax('drain', {
  posix: true,
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
    colorOption,
  ],
});

export async function run(words: readonly string[]): Promise<number> {
  const { values, words: given } = parsePythonOptions(syntax, words);
  const color = wantsColor(syntax, values);
  const [targets, ...reason] = given;
  if (targets === undefined) {
    const format = namedFormat(values['format'] as string, { name: 'flux-resource', table: 'drain', formats });
    process.stdout.write(await statusText({ values, states: ['drain'], format, color, skipsEmpty: true }));
    return 0;
  }
  const request = drainRequest(values, targets, reason);
  await withFlux((flux) => flux.rpc('resource.drain', request, { nodeid: 0 })).catch((error: unknown) => {
    if (!(error instanceof FluxError || error instanceof ConnectError)) throw error;
    const problem = `[Errno ${error.errno}] ${error.message}`;
    if (error instanceof FluxError && error.code === 'EEXIST')
      failWithHint(problem, 'Use --force to overwrite existing drain reason');
    process.stderr.write(`flux-resource: ERROR: ${problem}\n`);
    throw new CommandExit(1);
  });
  return 0;
}
