/** `flux job hostpids`. */
import { type Flux, FluxError, JobState, jobById, watchEventlog } from '@ebb/flux-client';
import { FormatError, Idset, strerror } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { jobIdOf } from '../../jobs/job-ids.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { durationOption } from '../../options/c-values.ts';
import { decodeProcessTable, type EncodedProcessTable } from '../../process-table/decode.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-job hostpids',
  usage: '[OPTIONS] JOBID',
  description: 'Print host:pid pairs for tasks in JOBID',
  options: [
    { name: 'delimiter', key: 'd', takes: 'value', shown: 'STRING', help: 'Set output delimiter (default=",")' },
    { name: 'ranks', key: 'r', takes: 'value', shown: 'IDSET', help: 'Include only task ranks in IDSET' },
    { name: 'timeout', key: 't', takes: 'value', shown: 'DURATION', help: 'timeout after DURATION' },
  ],
};

const invalid = 22;

interface Shell {
  readonly service: string;
  readonly leaderRank: number;
}

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const delimiter = (options.text('delimiter') ?? ',').replace(/^\\n$/, '\n');
  const seconds = durationOption(options, 'timeout');
  if (options.words.length !== 1) options.failWithUsage();
  const tasks = taskSet(options.text('ranks') ?? 'all');
  const jobid = options.words[0]!;
  const id = jobIdOf(jobid);
  const rows = await withBroker(async (flux) => {
    await checkActive(flux, id, jobid);
    const { service, leaderRank } = await startedShell(flux, id, seconds);
    const topic = `${service}.proctable`;
    const table = await flux
      .rpc<EncodedProcessTable>(topic, {}, { nodeid: leaderRank })
      .catch((error) => failureOf(topic, error));
    return decodeProcessTable(table);
  });
  const chosen = rows.filter(({ task }) => !tasks || tasks.has(task));
  process.stdout.write(`${chosen.map(({ host, pid }) => `${host}:${pid}`).join(delimiter)}\n`);
  return 0;
}

function taskSet(text: string): Idset | undefined {
  if (text === 'all') return undefined;
  try {
    return Idset.parse(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const parts = text.replaceAll(/[[\]]/g, '').split(',');
    const bad = parts.find((part) => !/^\d+(-\d+)?$/.test(part)) ?? text;
    throw new CommandError(`--ranks=${text}: error parsing range '${bad}': ${strerror(invalid)}`);
  }
}

async function checkActive(flux: Flux, id: bigint, jobid: string): Promise<void> {
  const { state } = await jobById(flux, id, ['state']).catch((error) => {
    if (!(error instanceof FluxError)) throw error;
    if (error.code === 'ENOENT') throw new CommandError(`${jobid}: No such job`);
    throw new CommandError(`job list failed for ${jobid}: ${strerror(error.errno)}`);
  });
  if (state === JobState.Inactive) throw new CommandError(`hostpids: job ${jobid} is inactive`);
}

/** Waits for the job's shells to have started its tasks. */
async function startedShell(flux: Flux, id: bigint, seconds: number | undefined): Promise<Shell> {
  const limit = seconds === undefined || !Number.isFinite(seconds) ? {} : { timeoutMs: seconds * 1000 };
  let shell: Shell | undefined;
  try {
    const events = watchEventlog(flux, id, { path: 'guest.exec.eventlog', waitCreate: true, ...limit });
    for await (const { name, context } of events) {
      if (name === 'shell.init') {
        const { service, 'leader-rank': leaderRank } = context as { service: string; 'leader-rank': number };
        shell = { service, leaderRank };
      } else if (name === 'shell.start' && shell) return shell;
    }
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    if (error.code === 'ETIMEDOUT') throw new CommandError('hostpids: timeout waiting for shell.start event');
    if (error.code === 'EPERM') throw new CommandError('hostpids: Permission denied');
    throw new CommandError(`flux_job_event_watch_get: ${error.message}`);
  }
  throw new CommandError('failed to get MPIR_proctable from job shell');
}
