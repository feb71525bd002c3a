/** `flux batch`: submits a script that runs in an instance of its own. */
import { readFileSync } from 'node:fs';
import { submitJob } from '@ebb/flux-client';
import { buildBatchJobspec, printFluid } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../command-module.ts';
import { withFlux } from '../jobs/job-ids.ts';
import { commonOptions, jobGroups, pluginOptions } from '../submission/common-options.ts';
import { DirectiveError, parseDirectives } from '../submission/directives.ts';
import { type InstanceValues, instanceOptions, nestedOptions } from '../submission/instance-options.ts';
import { jobspecText } from '../submission/jobspec-text.ts';
import { dryRun, readSubmission } from '../submission/read-submission.ts';
import { fileError, inFluxWords, submitOptionsOf, withOwnResources } from '../submission/submission.ts';

interface BatchValues extends InstanceValues {
  readonly wrap?: boolean;
}

const syntax = {
  program: 'flux batch',
  usage: 'flux batch [OPTIONS...] [SCRIPT] [ARGS...]',
  description:
    'Submit a batch SCRIPT and ARGS to be run as the initial program of a Flux instance. If no batch script is provided, one will be read from stdin.',
  options: [
    ...commonOptions(true),
    ...instanceOptions,
    { flags: ['--wrap'], takes: 'flag', help: 'Wrap arguments or stdin in a /bin/sh script' },
    ...pluginOptions,
  ],
  groups: jobGroups.slice(-1),
  positionals: [{ name: 'SCRIPT', takes: 'rest', help: 'Batch script and arguments to submit' }],
  posix: true,
  ownHelp: true,
} as const;

export async function run(words: string[]): Promise<number> {
  const given = readSubmission<BatchValues>(syntax, words);
  const command = given.words[0] === '--' ? given.words.slice(1) : given.words;
  const wrapped = given.values.wrap === true;
  const text = wrapped && command.length > 0 ? `${command.join(' ')}\n` : readScript(command[0]);
  const isFile = !(wrapped && command.length > 0);
  const values = isFile ? withDirectives(text, command[0] ?? 'stdin', words) : given.values;
  const script = wrapped ? `#!/bin/sh\n${text}` : text;
  const jobspec = inFluxWords(() => {
    const options = nestedOptions(values, command.slice(1));
    const name = values['job-name'] ?? command[0] ?? 'batch';
    return withOwnResources(
      buildBatchJobspec(script, { ...options, name, output: values.output ?? 'flux-{{id}}.out' }),
      values,
    );
  });
  if (values['dry-run']) return dryRun(jobspec);
  const id = await withFlux((flux) => submitJob(flux, jobspecText(jobspec), submitOptionsOf(values)));
  if (!values.quiet) process.stdout.write(`${printFluid(id)}\n`);
  return 0;
}

// What the script says comes first, so that the command line may say otherwise.
function withDirectives(script: string, name: string, words: readonly string[]): BatchValues {
  let own: string[];
  try {
    const directives = parseDirectives(script);
    for (const { line, words: options } of directives) checkDirective(options, name, line);
    own = directives.flatMap(({ words: options }) => [...options]);
  } catch (error) {
    if (error instanceof DirectiveError) throw new CommandError(`${name}: ${error.message}`);
    throw error;
  }
  return readSubmission<BatchValues>(syntax, [...own, ...words]).values;
}

function checkDirective(words: readonly string[], name: string, line: number): void {
  try {
    readSubmission(syntax, words);
  } catch (error) {
    if (!(error instanceof CommandExit) || error.exitCode === 0) throw error;
    process.stderr.write(`flux-batch: ERROR: argument parsing failed at ${name} line ${line}\n`);
    throw new CommandExit(2);
  }
}

function readScript(path: string | undefined): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path ?? 0);
  } catch (error) {
    throw new CommandError(fileError(error as NodeJS.ErrnoException, path ?? '0'));
  }
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return text;
  throw new CommandError(`${path ?? 'stdin'} does not appear to be a script, or failed to encode as utf-8`);
}
