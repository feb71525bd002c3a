/** Jobs: submit, act on, list. The services job-ingest, job-manager and job-list; RFC 21, 41 and 43. */
import { printJson, toFluid, wrapSigned } from '@ebb/flux-formats';
import type { Flux, RpcOptions } from '../flux.ts';

/** States as bits, as constraints of lists take them. */
export const JobState = { New: 1, Depend: 2, Priority: 4, Sched: 8, Run: 16, Cleanup: 32, Inactive: 64 } as const;
/** Results as bits. */
export const JobResult = { Completed: 1, Failed: 2, Canceled: 4, Timeout: 8 } as const;
export const pendingStates = JobState.Depend | JobState.Priority | JobState.Sched;
export const runningStates = JobState.Run | JobState.Cleanup;
export const activeStates = pendingStates | runningStates;

/** Urgencies with a meaning of their own. */
export const Urgency = { Hold: 0, Default: 16, Expedite: 31 } as const;

const submitFlags = { debug: 2, waitable: 4, novalidate: 8 } as const;

export interface SubmitOptions extends RpcOptions {
  /** 0 to 31; default 16. */
  readonly urgency?: number;
  readonly waitable?: boolean;
  readonly debug?: boolean;
  readonly novalidate?: boolean;
  /** Default: the user of this process. */
  readonly userid?: number;
}

/** Submits a jobspec and resolves with the job's id. @throws FluxError with why it was refused */
export async function submitJob(flux: Flux, jobspec: unknown, options: SubmitOptions = {}): Promise<bigint> {
  const { urgency = Urgency.Default, waitable, debug, novalidate, userid = process.getuid!(), ...rpc } = options;
  const flags =
    (waitable ? submitFlags.waitable : 0) | (debug ? submitFlags.debug : 0) | (novalidate ? submitFlags.novalidate : 0);
  const text = typeof jobspec === 'string' ? jobspec : printJson(jobspec);
  const answer = await flux.rpc<{ id: unknown }>(
    'job-ingest.submit',
    { J: wrapSigned(text, userid), urgency, flags },
    rpc,
  );
  return toFluid(answer.id);
}

/** Raises an exception; severity 0 ends the job. */
export async function raiseJob(
  flux: Flux,
  id: bigint,
  exception: { readonly type: string; readonly severity?: number; readonly note?: string },
  options: RpcOptions = {},
): Promise<void> {
  const { type, severity = 0, note } = exception;
  await flux.rpc('job-manager.raise', { id, type, severity, ...(note === undefined ? {} : { note }) }, options);
}

export function cancelJob(flux: Flux, id: bigint, note?: string, options: RpcOptions = {}): Promise<void> {
  return raiseJob(flux, id, { type: 'cancel', ...(note === undefined ? {} : { note }) }, options);
}

/** Sends a signal to a running job's tasks. */
export async function killJob(flux: Flux, id: bigint, signum: number, options: RpcOptions = {}): Promise<void> {
  await flux.rpc('job-manager.kill', { id, signum }, options);
}

/** Sets a job's urgency and resolves with the one before. */
export async function setUrgency(flux: Flux, id: bigint, urgency: number, options: RpcOptions = {}): Promise<number> {
  return (await flux.rpc<{ old_urgency: number }>('job-manager.urgency', { id, urgency }, options)).old_urgency;
}

const anyJob = 0xffff_ffff_ffff_ffffn;

export interface WaitedJob {
  readonly id: bigint;
  readonly success: boolean;
  readonly text: string;
}

/** Waits for a waitable job, or the next of them. @throws FluxError ECHILD when there is none */
export async function waitJob(flux: Flux, id: bigint = anyJob, options: RpcOptions = {}): Promise<WaitedJob> {
  // Any job is -1 as C's signed integers have it.
  const payload = { id: id === anyJob ? -1 : id };
  const answer = await flux.rpc<{ id: unknown; success: boolean; errstr: string }>(
    'job-manager.wait',
    payload,
    options,
  );
  return { id: toFluid(answer.id), success: answer.success, text: answer.errstr };
}

/** A job as job-list shows it. What is not known yet is left out; more attributes than are named here may come. */
export interface JobRecord {
  readonly id: bigint;
  readonly userid?: number;
  readonly urgency?: number;
  readonly priority?: number;
  readonly t_submit?: number;
  readonly t_run?: number;
  readonly t_cleanup?: number;
  readonly t_inactive?: number;
  /** Bits of `JobState`. */
  readonly state?: number;
  /** Bits of `JobResult`. */
  readonly result?: number;
  readonly name?: string;
  readonly queue?: string;
  readonly cwd?: string;
  readonly ntasks?: number;
  readonly ncores?: number;
  readonly nnodes?: number;
  readonly duration?: number;
  readonly ranks?: string;
  readonly nodelist?: string;
  readonly expiration?: number;
  readonly success?: boolean;
  /** A wait status as of `waitpid`. */
  readonly waitstatus?: number;
  readonly exception_occurred?: boolean;
  readonly exception_type?: string;
  readonly exception_severity?: number;
  readonly exception_note?: string;
  readonly annotations?: Record<string, unknown>;
  readonly dependencies?: readonly string[];
  readonly [attribute: string]: unknown;
}

export interface ListJobsOptions extends RpcOptions {
  /** Default: all attributes. */
  readonly attributes?: readonly string[];
  /** RFC 31 form, operators of RFC 43; default: active jobs of everybody. */
  readonly constraint?: Record<string, unknown[]>;
  /** 0, the default: no limit. */
  readonly limit?: number;
  /** Only jobs that became inactive later, in seconds since 1970. */
  readonly since?: number;
}

/** Jobs in the order of `flux jobs`: pending, running, inactive. */
export async function* listJobs(flux: Flux, options: ListJobsOptions = {}): AsyncGenerator<JobRecord> {
  const { attributes = ['all'], constraint, limit = 0, since = 0, ...rpc } = options;
  const request = {
    max_entries: limit,
    attrs: attributes,
    since,
    constraint: constraint ?? { states: [activeStates] },
  };
  for await (const { jobs } of flux.stream<{ jobs: JobRecord[] }>('job-list.list', request, rpc)) {
    for (const job of jobs) yield { ...job, id: toFluid(job.id) };
  }
}

/** One job. @throws FluxError ENOENT when there is no such job */
export async function jobById(
  flux: Flux,
  id: bigint,
  attributes: readonly string[] = ['all'],
  options: RpcOptions = {},
): Promise<JobRecord> {
  const { job } = await flux.rpc<{ job: JobRecord }>('job-list.list-id', { id, attrs: attributes }, options);
  return { ...job, id: toFluid(job.id) };
}

export interface JobCounts {
  readonly job_states: Record<'depend' | 'priority' | 'sched' | 'run' | 'cleanup' | 'inactive' | 'total', number>;
  readonly successful: number;
  readonly failed: number;
  readonly canceled: number;
  readonly timeout: number;
}

/** How many jobs there are in each state. */
export function jobCounts(flux: Flux, options: RpcOptions = {}): Promise<JobCounts> {
  return flux.rpc('job-list.job-stats', {}, options);
}
