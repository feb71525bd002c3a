/** `flux job info`. */
import { FluxError } from '@ebb/flux-client';
import { unwrapSigned } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../../command-module.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job info',
  usage: 'id key',
  description: 'Display info for a job',
  options: [
    { name: 'original', key: 'o', help: 'For key "jobspec", return the original submitted jobspec' },
    { name: 'base', key: 'b', help: 'For key "jobspec" or "R", do not apply updates from eventlog' },
  ],
} as const;

const usage = `Usage: flux job info id key
some useful keys are:
  J                    - signed jobspec
  R                    - allocated resources
  eventlog             - primary job eventlog
  jobspec              - job specification
  guest.exec.eventlog  - execution eventlog
  guest.input          - job input log
  guest.output         - job output log
Use flux job info -h to list available options
`;

const applyUpdates = 2;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length !== 2) {
    process.stderr.write(usage);
    throw new CommandExit(1);
  }
  const [jobid, key] = options.words as [string, string];
  const id = jobIdOf(jobid);
  const original = options.has('original') && key === 'jobspec';
  const wanted = original ? 'J' : key;
  const current = !original && !options.has('base') && (key === 'R' || key === 'jobspec');
  const request = { id, keys: [wanted], flags: current ? applyUpdates : 0 };
  const answer = await withFlux((flux) => flux.rpc<Record<string, string>>('job-info.lookup', request)).catch(
    (error: Error) => {
      throw error instanceof FluxError ? new CommandError(error.message) : error;
    },
  );
  const text = answer[wanted]!;
  process.stdout.write(`${original ? unwrapSigned(text).jobspecText : text}\n`);
  return 0;
}
