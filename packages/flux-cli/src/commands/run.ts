/** `flux run`: submits a job and attaches to it. */
import { submitJob } from '@ebb/flux-client';
import { printFluid } from '@ebb/flux-formats';
import { attach } from '../attach/attach.ts';
import { connectBroker } from '../connect-broker.ts';
import { commonOptions, jobGroups, pluginOptions, taskOptions } from '../submission/common-options.ts';
import { jobspecText } from '../submission/jobspec-text.ts';
import { dryRun, readSubmission } from '../submission/read-submission.ts';
import { isIdset, jobspecOf, type SubmissionValues, submitOptionsOf } from '../submission/submission.ts';

interface RunValues extends SubmissionValues {
  readonly verbose: number;
  readonly 'wait-event'?: string;
}

const syntax = {
  program: 'flux run',
  usage: 'flux run [OPTIONS...] COMMAND [ARGS...]',
  description: 'run a job interactively',
  options: [
    ...commonOptions(),
    ...taskOptions,
    {
      flags: ['--wait-event'],
      takes: 'one',
      shown: 'NAME',
      help: 'Pass --wait-event=NAME to flux-job attach',
    },
    ...pluginOptions,
  ],
  groups: jobGroups,
  positionals: [{ name: 'command', takes: 'rest', help: 'Job command and arguments' }],
  posix: true,
  ownHelp: true,
} as const;

export async function run(words: string[]): Promise<number> {
  const { values, words: command } = readSubmission<RunValues>(syntax, words);
  const jobspec = jobspecOf(values, command);
  if (values['dry-run']) return dryRun(jobspec);
  const options = submitOptionsOf(values);
  const flux = await connectBroker();
  try {
    const id = await submitJob(flux, jobspecText(jobspec), options);
    if (values.verbose > 0) process.stderr.write(`jobid: ${printFluid(id)}\n`);
    return await attach(flux, id, printFluid(id), {
      labelIo: values['label-io'] === true,
      showEvents: values.verbose > 1,
      showExec: values.verbose > 2,
      unbuffered: values.unbuffered === true,
      ...(values['wait-event'] === undefined ? {} : { waitEvent: values['wait-event'] }),
      ...(values.input !== undefined && isIdset(values.input) ? { stdinRanks: values.input } : {}),
    });
  } finally {
    await flux.close();
  }
}
