// The environment of a job's tasks: the job's own, and what tells a task who it is (flux-environment(7)).
import type { ShellJob } from './shell-job.ts';

export interface HostFacts {
  readonly hostname: string;
  /** FLUX_URI of the broker that runs the task. */
  readonly uri: string;
  /** Path of the jobs above this instance: `/` for the first one. */
  readonly jobIdPath: string;
  /** The shell's directory for the job. */
  readonly tmpdir: string;
}

/** Variables of a surrounding job or of the command that submitted, which must not reach the tasks. */
const removed = ['FLUX_PROXY_REMOTE', 'HWLOC_COMPONENTS'];

/** What all tasks of a shell share. */
export function shellEnvironment(job: ShellJob, host: HostFacts): Record<string, string> {
  const environment: Record<string, string> = { ...job.jobspec.attributes.system.environment };
  for (const name of removed) delete environment[name];
  // What the submitting host is called is of no use elsewhere.
  if (environment['HOSTNAME'] !== undefined) environment['HOSTNAME'] = host.hostname;
  const parent = host.jobIdPath === '/' ? '' : host.jobIdPath;
  return {
    ...environment,
    FLUX_URI: host.uri,
    FLUX_KVS_NAMESPACE: `job-${job.id}`,
    FLUX_JOB_ID: job.name,
    FLUX_JOB_ID_PATH: `${parent}/${job.name}`,
    FLUX_JOB_NNODES: String(job.ranks.length),
    FLUX_JOB_SIZE: String(job.taskCount),
    FLUX_JOB_TMPDIR: host.tmpdir,
    FLUX_TERMINUS_SESSION: '0',
  };
}

/** What one task has beyond that; `local` counts the tasks of the shell from 0. */
export function taskEnvironment(job: ShellJob, task: number, local: number, hasPmi: boolean): Record<string, string> {
  const pmi = { PMI_FD: String(pmiDescriptor), PMI_RANK: String(task), PMI_SIZE: String(job.taskCount) };
  return { FLUX_TASK_RANK: String(task), FLUX_TASK_LOCAL_ID: String(local), ...(hasPmi ? pmi : {}) };
}

/** Variables that are templates (`--env=NAME={{tmpdir}}/x`), as far as `render` can fill them in. */
export function taskTemplates(
  templates: Readonly<Record<string, string>>,
  render: (template: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, render(template)]));
}

/** What tasks find in their PMI space from the start: how MPI and a Flux instance see the job (RFC 13). */
export function pmiValues(job: ShellJob, attribute: (name: string) => string | undefined): Record<string, string> {
  const level = attribute('instance-level');
  const hint = attribute('tbon.interface-hint');
  return {
    PMI_process_mapping: job.taskmap.toPmiString(),
    'flux.taskmap': JSON.stringify({ version: 1, map: job.taskmap.toJSON() }),
    ...(level === undefined ? {} : { 'flux.instance-level': String(Number(level) + 1) }),
    ...(hint === undefined ? {} : { 'flux.tbon-interface-hint': hint }),
  };
}

/** The descriptor on which each task finds its PMI server. */
export const pmiDescriptor = 3;
