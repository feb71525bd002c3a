/** `flux queue drain` and `flux queue idle`: wait until no jobs, or none that run, are left. */
import { FluxError } from '@ebb/flux-client';
import { errnoNumber, FormatError, parseDuration } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import type { PythonSyntax } from '../../options/python-syntax.ts';
import { queueCommand } from './syntax.ts';

const timeout = {
  flags: ['-t', '--timeout'],
  takes: 'one',
  shown: 'DURATION',
  help: 'timeout after DURATION',
} as const;

export async function run(name: 'drain' | 'idle', words: readonly string[]): Promise<number> {
  const quiet = { flags: ['--quiet'], takes: 'flag', help: 'Only display pending job count if nonzero' } as const;
  const syntax: PythonSyntax = {
    program: `flux-queue ${name}`,
    above: queueCommand,
    options: name === 'idle' ? [timeout, quiet] : [timeout],
  };
  const { values } = parsePythonOptions(syntax, words);
  const seconds = values['timeout'] === undefined ? undefined : readDuration(values['timeout'] as string);
  const timeoutMs = seconds === undefined ? undefined : seconds * 1000;
  const answer = await withFlux((flux) =>
    flux.rpc<{ pending: number }>(`job-manager.${name}`, undefined, { timeoutMs }),
  ).catch((error: Error) => {
    if (!(error instanceof FluxError)) throw error;
    throw new CommandError(`${name}: ${error.errno === errnoNumber('ETIMEDOUT') ? 'timeout' : error.message}`);
  });
  if (name === 'idle' && (!values['quiet'] || answer.pending > 0)) process.stdout.write(`${answer.pending} jobs\n`);
  return 0;
}

function readDuration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError('invalid Flux standard duration');
    throw error;
  }
}
