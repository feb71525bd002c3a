/** Asks an instance for the jobs that the options of a list name. */
import {
  activeStates,
  type Flux,
  FluxError,
  type JobRecord,
  JobResult,
  JobState,
  jobById,
  listJobs,
  pendingStates,
  runningStates,
} from '@ebb/flux-client';
import { errnoNumber, FormatError, Idset, parseHostlist, printHostlist } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../command-module.ts';
import { parseDatetime } from '../formats/parse-datetime.ts';
import { userIdOf } from './job-fields.ts';
import type { JobId, JobsValues } from './jobs-options.ts';

export interface JobFilters {
  /** Undefined: of all users. */
  readonly userid: number | undefined;
  /** Bits; 0: of any. */
  readonly states: number;
  readonly results: number;
  readonly since: number;
  readonly name?: string | undefined;
  readonly queues: readonly string[];
  readonly place?: Record<string, unknown[]> | undefined;
}

const states: Readonly<Record<string, number>> = {
  depend: JobState.Depend,
  priority: JobState.Priority,
  sched: JobState.Sched,
  run: JobState.Run,
  cleanup: JobState.Cleanup,
  inactive: JobState.Inactive,
  pending: pendingStates,
  running: runningStates,
  active: activeStates,
};

const results: Readonly<Record<string, number>> = {
  completed: JobResult.Completed,
  failed: JobResult.Failed,
  canceled: JobResult.Canceled,
  timeout: JobResult.Timeout,
};

/** @throws CommandError for a filter, a user or a time that there is not */
export function readFilters(values: JobsValues, now: number): JobFilters {
  const since = values.since === undefined ? 0 : readSince(values.since, now);
  let filter = values.filter;
  const all = values.a || values.A || (values.since !== undefined && filter.length === 0);
  if (values.a && filter.length > 0) {
    process.stderr.write('flux-jobs: WARNING: Both -a and --filter specified, ignoring -a\n');
  } else if (all && !values.A) filter = ['pending', 'running', 'inactive'];
  if (filter.length === 0) filter = ['pending', 'running'];
  const names = filter.map((name) => name.toLowerCase());
  const unknown = names.find((name) => !Object.hasOwn(states, name) && !Object.hasOwn(results, name));
  if (unknown !== undefined) throw new CommandError(`Invalid filter specified: ${unknown}`);
  const bits = (table: Readonly<Record<string, number>>) => names.reduce((sum, name) => sum | (table[name] ?? 0), 0);
  const ofAll = values.A || (values.include !== undefined && values.user === undefined);
  return {
    userid: ofAll ? undefined : readUser(values.user),
    states: bits(states),
    results: bits(results),
    since,
    name: values.name,
    queues: values.queue,
    place: values.include === undefined ? undefined : readPlace(values.include),
  };
}

/** A user's number by name or number; undefined for all. */
export function readUser(user: string | undefined): number | undefined {
  if (user === undefined) return process.getuid!();
  if (user === 'all' || user === '-1' || user === '4294967295') return undefined;
  const userid = userIdOf(user) ?? (/^\d+$/.test(user) ? Number(user) : undefined);
  if (userid === undefined) throw new CommandError(`Invalid user ${user} specified`);
  return userid;
}

function readSince(text: string, now: number): number {
  const number = Number(text);
  const isNumber = text.trim() !== '' && !Number.isNaN(number) && !/^[+-]/.test(text);
  const since = isNumber ? number : parseDatetime(text, new Date(now * 1000)).getTime() / 1000;
  if (since <= now) return since;
  process.stderr.write(`flux-jobs: ERROR: --since=${text} appears to be in the future\n`);
  throw new CommandExit(1);
}

function readPlace(text: string): Record<string, unknown[]> {
  try {
    return { ranks: [Idset.parse(text).toString()] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  try {
    return { hostlist: [printHostlist(parseHostlist(text))] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CommandError(`-i/--include: invalid targets: ${text}`);
  }
}

/** The filters as a constraint of RFC 43. */
export function constraintOf(filters: JobFilters): Record<string, unknown[]> {
  const { userid, name, queues, place } = filters;
  const parts: Record<string, unknown[]>[] = place ? [place] : [];
  if (userid !== undefined) parts.push({ userid: [userid] });
  if (name) parts.push({ name: [name] });
  if (queues.length > 0) parts.push({ queue: [...queues] });
  const ofStates = filters.states ? [{ states: [filters.states] }] : [];
  const ofResults = filters.results ? [{ results: [filters.results] }] : [];
  const both = [...ofStates, ...ofResults];
  parts.push(...(both.length === 2 ? [{ or: both }] : both));
  return { and: parts };
}

export interface FetchRequest {
  readonly filters: JobFilters;
  readonly attributes: readonly string[];
  /** 0: no limit. */
  readonly count: number;
  /** When there are any, the filters do not count. */
  readonly ids?: readonly JobId[];
}

export interface FetchedJobs {
  readonly jobs: JobRecord[];
  /** Why ids were not found, a line each. */
  readonly errors: string[];
  /** Whether there are more jobs than the count. */
  readonly truncated: boolean;
}

export async function fetchJobs(flux: Flux, request: FetchRequest): Promise<FetchedJobs> {
  const { filters, attributes, count, ids = [] } = request;
  if (ids.length > 0) {
    const found = await Promise.all(ids.map((id) => oneJob(flux, id, attributes)));
    const jobs = found.filter((job) => typeof job !== 'string');
    return { jobs, errors: found.filter((job) => typeof job === 'string'), truncated: false };
  }
  const jobs: JobRecord[] = [];
  const options = {
    attributes,
    constraint: constraintOf(filters),
    since: filters.since,
    limit: count > 0 ? count + 1 : count,
  };
  for await (const job of listJobs(flux, options)) jobs.push(job);
  const truncated = count > 0 && jobs.length > count;
  return { jobs: truncated ? jobs.slice(0, count) : jobs, errors: [], truncated };
}

async function oneJob(flux: Flux, { id, text }: JobId, attributes: readonly string[]): Promise<JobRecord | string> {
  try {
    return await jobById(flux, id, attributes);
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    return error.errno === errnoNumber('ENOENT') ? `JobID ${text} unknown` : `rpc: ${error.message}`;
  }
}
