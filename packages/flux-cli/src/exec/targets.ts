/** On which ranks `flux exec` runs, and which service of theirs it asks: the brokers' own, or that of a job's shells. */
import { type Flux, FluxError, JobState, jobById, watchEventlog } from '@ebb/flux-client';
import { FormatError, Idset, strerror } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { tryJobId } from '../jobs/job-ids.ts';

const invalid = 22;
const enoent = 2;

export interface Targets {
  readonly ranks: Idset;
  readonly service: string;
}

export interface Wanted {
  /** An idset, or `all`; of a job: of its ranks, counted from 0. */
  readonly include: string;
  readonly exclude: string | undefined;
  readonly jobid: string | undefined;
}

/** @throws CommandError when there is no such job, or nothing is left to run on */
export async function findTargets(flux: Flux, { include, exclude, jobid }: Wanted): Promise<Targets> {
  const found =
    jobid === undefined
      ? { ranks: Idset.of(Array.from({ length: await flux.size() }, (_, rank) => rank)), service: 'rexec' }
      : await jobTargets(flux, jobid);
  const all = [...found.ranks];
  const included = include === 'all' ? undefined : readIdset(include, `failed to decode idset '${include}'`);
  if (included && [...included].some((index) => index >= all.length)) {
    throw new CommandError(`One or more invalid --ranks specified: ${include}`);
  }
  const excluded = exclude === undefined ? Idset.empty : readIdset(exclude, 'error decoding --exclude idset');
  const chosen = all.filter((rank, index) => {
    if (excluded.has(jobid === undefined ? rank : index)) return false;
    return !included || included.has(index);
  });
  if (chosen.length === 0) throw new CommandError('No targets specified');
  return { ranks: Idset.of(chosen), service: found.service };
}

function readIdset(text: string, problem: string): Idset {
  try {
    return Idset.parse(text);
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError(`${problem}: ${strerror(invalid)}`);
    throw error;
  }
}

async function jobTargets(flux: Flux, jobid: string): Promise<Targets> {
  const id = tryJobId(jobid);
  if (id === undefined) throw new CommandError(`error parsing jobid: "${jobid}"`);
  const job = await jobById(flux, id, ['ranks', 'state']).catch((error) => {
    if (!(error instanceof FluxError)) throw error;
    if (error.errno === enoent) throw new CommandError(`job ${jobid} not found`);
    throw new CommandError(`unable to get info for job ${jobid}: ${strerror(error.errno)}`);
  });
  // A job that has had no ranks yet lacks the field, which the real command takes for a malformed answer.
  if (job.ranks === undefined) throw new CommandError(`unable to get info for job ${jobid}: Protocol error`);
  if (job.state !== JobState.Run) throw new CommandError(`job ${jobid} is not currently running`);
  const ranks = Idset.parse(String(job.ranks));
  if (ranks.size === 0) throw new CommandError(`failed to get assigned ranks for ${jobid}`);
  try {
    for await (const { name, context } of watchEventlog(flux, id, { path: 'guest.exec.eventlog', waitCreate: true })) {
      if (name !== 'shell.init') continue;
      const { service } = context as { service?: string };
      if (service === undefined) throw new CommandError('failed to get service from shell.init event');
      return { ranks, service: `${service}.rexec` };
    }
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
  }
  throw new CommandError(`failed to get shell.init event for ${jobid}`);
}
