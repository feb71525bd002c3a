/** `flux bulksubmit`: submits a command for each of many inputs. */
import { CommandError } from '../command-module.ts';
import { type BulkJob, type BulkValues, copiesOf, submitBulk } from '../submission/bulk.ts';
import { readBulkInputs } from '../submission/bulk-inputs.ts';
import { bulkOptions, commonOptions, jobGroups, pluginOptions, taskOptions } from '../submission/common-options.ts';
import { readSubmission } from '../submission/read-submission.ts';
import { fillTemplates, mutableOptions } from '../submission/substitution.ts';

interface BulkSubmitValues extends BulkValues {
  readonly shuffle?: boolean;
  readonly sep: string;
  readonly define?: readonly string[];
}

const syntax = {
  program: 'flux bulksubmit',
  usage: 'flux bulksubmit [OPTIONS...] COMMAND [ARGS...]',
  description:
    "Submit a series of commands given on the command line or on stdin, using an interface similar to GNU parallel or xargs. Allows jobs to be submitted much faster than calling flux submit in a loop. Inputs on the command line are separated from each other and the command with the special delimiter ':::'.",
  options: [
    ...commonOptions(),
    ...taskOptions,
    ...bulkOptions,
    { flags: ['--shuffle'], takes: 'flag', help: 'Shuffle list of commands before submission' },
    {
      flags: ['--sep'],
      takes: 'one',
      shown: 'STRING',
      default: '\n',
      help: 'Set the input argument separator. To split on whitespace, use --sep=none. The default is newline.',
    },
    {
      flags: ['--define'],
      takes: 'append',
      shown: 'NAME=CODE',
      help: "Define a named method for transforming any input, accessible via e.g. '{0.NAME}'. (local variable 'x' will contain the input string to be transformed)",
    },
    ...pluginOptions,
  ],
  groups: jobGroups,
  positionals: [{ name: 'command', takes: 'rest', help: 'Job command and initial arguments' }],
  posix: true,
  ownHelp: true,
} as const;

export async function run(words: string[]): Promise<number> {
  const { values, words: given } = readSubmission<BulkSubmitValues>(syntax, words);
  if (values.define) throw new CommandError('--define is not supported: it takes Python code');
  const separator = unescaped(values.sep);
  const { command, combinations } = readBulkInputs(given, separator.toLowerCase() === 'none' ? undefined : separator);
  const jobs = combinations.map((inputs, seq): BulkJob => {
    // Which copy it is gets filled in once for each copy.
    const words = { seq: String(seq), seq1: String(seq + 1), cc: '{cc}' };
    return fillTemplates<BulkValues>(values, command, inputs, words);
  });
  if (values.shuffle) shuffle(jobs);
  const total = jobs.reduce((sum, job) => sum + copiesOf(job.values).length, 0);
  if (total === 0) throw new CommandError('no jobs provided for bulk submission');
  const dry = values['dry-run'] === true;
  if (dry && values.progress) process.stdout.write(`bulksubmit: submitting a total of ${total} jobs\n`);
  if (dry || values.verbose > 0) {
    for (const job of jobs) process.stdout.write(`bulksubmit: submit ${describe(job, values)}\n`);
  }
  return dry ? 0 : submitBulk(jobs);
}

/** The options that differ from those given, and the command. */
function describe({ values, command }: BulkJob, given: BulkValues): string {
  const parts: string[] = [];
  for (const [name, shown] of Object.entries(mutableOptions)) {
    const value = values[name as keyof BulkValues] as string | readonly string[] | undefined;
    const before = given[name as keyof BulkValues] as typeof value;
    const changed = JSON.stringify(value) !== JSON.stringify(before) || name === 'cc';
    if (!value || !changed) continue;
    const text = typeof value === 'string' ? value : `[${value.map((item) => `'${item}'`).join(', ')}]`;
    parts.push(`${shown}${text}`);
  }
  return [...parts, ...command].join(' ');
}

function unescaped(text: string): string {
  const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' };
  return text.replaceAll(/\\(x[0-9a-fA-F]{2}|.)/g, (whole, code: string) =>
    code.startsWith('x') && code.length === 3
      ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      : (letters[code] ?? whole),
  );
}

function shuffle<Item>(items: Item[]): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
}
