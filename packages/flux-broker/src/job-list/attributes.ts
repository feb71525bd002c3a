// The attributes of job-list in their order, and a job as the JSON text of an answer. The text is made here because
// times and durations are reals in Flux: 60.0 must not become 60, which Python would show otherwise.
import { FluxError, JobState } from '@ebb/flux-client';
import { printJson } from '@ebb/flux-formats';
import type { ListedJob } from './job.ts';

type Printer = (job: ListedJob) => string | undefined;

const seen = (job: ListedJob, state: number) => (job.statesSeen & state) !== 0;
const integer = (value: number | undefined) => value?.toString();
const text = (value: string | undefined) => (value === undefined ? undefined : JSON.stringify(value));
const json = (value: unknown) => (value === undefined ? undefined : printJson(value));

function real(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return Number.isInteger(value) && Math.abs(value) < 1e17 ? value.toFixed(1) : String(value);
}

const printers: Readonly<Record<string, Printer>> = {
  userid: (job) => integer(job.userid),
  urgency: (job) => integer(job.urgency),
  priority: (job) => (seen(job, JobState.Sched) ? integer(job.priority) : undefined),
  t_submit: (job) => real(job.t_submit),
  t_depend: (job) => real(job.t_depend),
  t_priority: (job) => real(job.t_priority),
  t_sched: (job) => real(job.t_sched),
  t_run: (job) => real(job.t_run),
  t_cleanup: (job) => real(job.t_cleanup),
  t_inactive: (job) => real(job.t_inactive),
  state: (job) => integer(job.state),
  name: (job) => text(job.name),
  cwd: (job) => text(job.cwd),
  queue: (job) => text(job.queue),
  project: (job) => text(job.project),
  bank: (job) => text(job.bank),
  ntasks: (job) => integer(job.ntasks),
  ncores: (job) => integer(job.ncores),
  duration: (job) => real(job.duration),
  nnodes: (job) => integer(job.nnodes),
  ranks: (job) => text(job.ranks),
  nodelist: (job) => text(job.nodelist),
  success: whenInactive((job) => String(job.success)),
  exception_occurred: whenInactive((job) => String(job.exceptionOccurred)),
  exception_type: whenInactive((job) => text(job.exception?.type)),
  exception_severity: whenInactive((job) => integer(job.exception?.severity)),
  exception_note: whenInactive((job) => text(job.exception?.note)),
  result: whenInactive((job) => integer(job.result)),
  expiration: (job) => real(job.expiration),
  annotations: (job) => json(job.annotations),
  waitstatus: (job) => integer(job.waitstatus),
  dependencies: (job) => json(job.dependencies && [...job.dependencies]),
};

/** Names of all attributes. `id` is always there and none of them. */
export const attributeNames: readonly string[] = Object.keys(printers);

function whenInactive(print: Printer): Printer {
  return (job) => (job.state === JobState.Inactive ? print(job) : undefined);
}

/**
 * The way to print jobs with the attributes a request asks for; `all` stands for every one.
 * @throws FluxError EINVAL for an attribute that does not exist
 */
export function jobPrinter(attributes: readonly unknown[]): (job: ListedJob) => string {
  const asked = attributes.flatMap((name) => {
    if (typeof name !== 'string') throw new FluxError('EINVAL', 'attr has no string value');
    if (name === 'all') return attributeNames;
    if (!Object.hasOwn(printers, name)) throw new FluxError('EINVAL', `${name} is not a valid attribute`);
    return [name];
  });
  const parts = [...new Set(asked)].map((name) => [`,"${name}":`, printers[name]!] as const);
  return (job) => {
    let result = `{"id":${job.id}`;
    for (const [key, print] of parts) {
      const value = print(job);
      if (value !== undefined) result += key + value;
    }
    return `${result}}`;
  };
}
