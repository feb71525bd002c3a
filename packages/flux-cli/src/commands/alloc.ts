/** `flux alloc`: starts an instance and gives a shell, or runs a command, in it. */
import { cancelJob, connect, type Flux, FluxError, submitJob, watchEventlog } from '@ebb/flux-client';
import { buildNestedJobspec, printFluid } from '@ebb/flux-formats';
import { attach } from '../attach/attach.ts';
import { CommandError, CommandExit } from '../command-module.ts';
import { reachableUri } from '../jobs/job-fields.ts';
import { withFlux } from '../jobs/job-ids.ts';
import { commonOptions, jobGroups, pluginOptions } from '../submission/common-options.ts';
import { type InstanceValues, instanceOptions, nestedOptions } from '../submission/instance-options.ts';
import { jobspecText } from '../submission/jobspec-text.ts';
import { dryRun, readSubmission } from '../submission/read-submission.ts';
import { inFluxWords, submitOptionsOf, withOwnResources } from '../submission/submission.ts';

interface AllocValues extends InstanceValues {
  readonly verbose: number;
  readonly bg?: boolean;
}

const syntax = {
  program: 'flux alloc',
  usage: 'flux alloc [OPTIONS...] [COMMAND] [ARGS...]',
  description:
    'Allocate resources and start a new Flux instance. Once the instance has started, attach to it interactively.',
  options: [
    ...commonOptions(true),
    ...instanceOptions,
    { flags: ['-v', '--verbose'], takes: 'count', default: 0, help: 'Increase verbosity on stderr (multiple use OK)' },
    { flags: ['--bg'], takes: 'flag', help: 'Wait for new instance to start, but do not attach to it.' },
    ...pluginOptions,
  ],
  groups: jobGroups.slice(-1),
  positionals: [
    {
      name: 'COMMAND',
      takes: 'rest',
      help: 'Set the initial COMMAND of new Flux instance.(default is an interactive shell)',
    },
  ],
  posix: true,
  ownHelp: true,
} as const;

export async function run(words: string[]): Promise<number> {
  const { values, words: command } = readSubmission<AllocValues>(syntax, words);
  const jobspec = inFluxWords(() => {
    // Without a command an instance in the background has nothing to run at first.
    const broker = values.bg && command.length === 0 ? ['-Sbroker.rc2_none=1'] : [];
    const options = nestedOptions(values, command, broker);
    // A terminal that waits for its client would keep a job in the background from ending.
    const terminal = values.bg ? { 'pty.capture': 1 } : process.stdin.isTTY ? { 'pty.interactive': 1 } : {};
    const { output: _, error: _error, input: _input, labelIo: _label, ...own } = options;
    return withOwnResources(
      buildNestedJobspec({ ...own, shellOptions: { ...terminal, ...options.shellOptions } }),
      values,
    );
  });
  if (values['dry-run']) return dryRun(jobspec);
  const options = submitOptionsOf(values);
  return withFlux(async (flux) => {
    const id = await submitJob(flux, jobspecText(jobspec), options);
    if (values.bg) return background(flux, id, values.verbose > 0);
    if (values.verbose > 0) process.stderr.write(`jobid: ${printFluid(id)}\n`);
    return attach(flux, id, printFluid(id));
  });
}

async function background(flux: Flux, id: bigint, verbose: boolean): Promise<number> {
  const jobid = printFluid(id);
  const say = (seconds: number, text: string) => {
    if (verbose) process.stderr.write(`${jobid}: ${seconds.toFixed(3).padStart(6)}s: ${text}\n`);
  };
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  say(0, 'waiting for resources');
  let start: number | undefined;
  try {
    for await (const { name, timestamp, context } of watchEventlog(flux, id, { signal: interrupted.signal })) {
      start ??= timestamp;
      if (name === 'alloc') say(timestamp - start, 'resources allocated');
      const uri = name === 'memo' ? context?.['uri'] : undefined;
      if (typeof uri !== 'string') continue;
      say(timestamp - start, 'waiting for instance');
      await instanceReady(jobid, uri);
      say(Date.now() / 1000 - start, 'ready');
      process.stdout.write(`${jobid}\n`);
      return 0;
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write(`\r${jobid}: Interrupt: canceling job\n`);
    await cancelJob(flux, id);
    throw new CommandExit(1);
  } finally {
    process.off('SIGINT', interrupt);
  }
  // What it printed, and why it ended, is all there is to tell.
  await attach(flux, id, jobid, { readOnly: true });
  throw new CommandError(`${jobid}: unexpectedly exited`);
}

async function instanceReady(jobid: string, uri: string): Promise<void> {
  const child = await connect(reachableUri(uri)).catch((error: Error) => {
    throw new CommandError(`Unable to connect to ${jobid}: ${error.message}`);
  });
  try {
    await child.rpc('state-machine.wait');
  } catch (error) {
    if (error instanceof FluxError) throw new CommandError(`${jobid}: instance startup failed`);
    throw error;
  } finally {
    await child.close();
  }
}
