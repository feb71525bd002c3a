/** A job of the list as the fields that formats name: states in words, times, reasons. */

import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { type JobRecord, JobResult, JobState } from '@ebb/flux-client';
import { type FluidForm, fluidForms, printFluid, signalText } from '@ebb/flux-formats';
import type { Row } from '../formats/output-format.ts';
import { pythonDuration } from '../formats/python-duration.ts';
import { pythonJson } from '../formats/python-json.ts';
import { strftime } from '../formats/strftime.ts';

/** Names of a state or result: long, short, and as a picture. */
type Names = readonly [long: string, short: string, picture: string];

const stateNames: Readonly<Record<number, Names>> = {
  [JobState.New]: ['NEW', 'N', '\u{1f381}'],
  [JobState.Depend]: ['DEPEND', 'D', '\u{1f6d1}'],
  [JobState.Priority]: ['PRIORITY', 'P', '\u{1f6a6}'],
  [JobState.Sched]: ['SCHED', 'S', '\u{1f4c5}'],
  [JobState.Run]: ['RUN', 'R', '\u{1f3c3}'],
  [JobState.Cleanup]: ['CLEANUP', 'C', '\u{1f5d1}'],
  [JobState.Inactive]: ['INACTIVE', 'I', '\u{1f480}'],
};

const resultNames: Readonly<Record<number, Names>> = {
  [JobResult.Completed]: ['COMPLETED', 'CD', '\u{1f600}'],
  [JobResult.Failed]: ['FAILED', 'F', '\u{1f4a9}'],
  [JobResult.Canceled]: ['CANCELED', 'CA', '\u{1f4a5}'],
  [JobResult.Timeout]: ['TIMEOUT', 'TO', '\u231b'],
};

/** Of what is not known yet. */
const unknown: Names = ['', '', '\u3000'];

/** What the instance that a job is says of itself, for `instance.*` fields: name to value. */
export type InstanceFields = ReadonlyMap<string, unknown>;

/** `now`: seconds since 1970. */
export function jobRow(job: JobRecord, now: number, instance: InstanceFields = new Map()): Row {
  return (field) => fieldOf(job, field, now, instance);
}

function fieldOf(job: JobRecord, field: string, now: number, instance: InstanceFields): unknown {
  if (field === 'id') return printFluid(job.id);
  if (field.startsWith('id.')) return idIn(job.id, field.slice(3));
  if (field.startsWith('t_') && field !== 't_remaining') return job[field] ?? 0;
  if (field.startsWith('instance.')) return instance.get(field.slice('instance.'.length)) ?? '';
  if (field === 'annotations' || field.startsWith('annotations.')) return annotation(job, field.split('.').slice(1));
  if (field === 'sched' || field.startsWith('sched.')) return annotation(job, field.split('.'));
  if (field === 'user' || field.startsWith('user.')) return annotation(job, field.split('.'));
  const compute = Object.hasOwn(computed, field) ? computed[field] : undefined;
  return compute ? compute(job, now) : (job[field] ?? (field === 'expiration' || field === 'duration' ? 0 : ''));
}

function idIn(id: bigint, form: string): string {
  return (fluidForms as readonly string[]).includes(form) ? printFluid(id, form as FluidForm) : printFluid(id);
}

function annotation(job: JobRecord, path: readonly string[]): unknown {
  let value: unknown = job.annotations ?? {};
  for (const name of path) value = (value as Record<string, unknown> | undefined)?.[name];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return value;
  return Object.keys(value).length === 0 ? '' : pythonJson(value);
}

/** The state's, or the result's once there is one. */
export function statusOf(job: JobRecord): Names {
  const isActive = (job.state ?? 0) !== JobState.Inactive;
  return (isActive ? stateNames[job.state ?? 0] : resultNames[job.result ?? 0]) ?? unknown;
}

const computed: Readonly<Record<string, (job: JobRecord, now: number) => unknown>> = {
  state: (job) => (stateNames[job.state ?? 0] ?? unknown)[0],
  state_single: (job) => (stateNames[job.state ?? 0] ?? unknown)[1],
  state_emoji: (job) => (stateNames[job.state ?? 0] ?? unknown)[2],
  result: (job) => (resultNames[job.result ?? 0] ?? unknown)[0],
  result_abbrev: (job) => (resultNames[job.result ?? 0] ?? unknown)[1],
  result_emoji: (job) => (resultNames[job.result ?? 0] ?? unknown)[2],
  status: (job) => statusOf(job)[0],
  status_abbrev: (job) => statusOf(job)[1],
  status_emoji: (job) => statusOf(job)[2],
  username: (job) => userName(job.userid),
  runtime,
  t_remaining: (job, now) => (job.state === JobState.Run ? Math.max(0, (job.expiration ?? 0) - now) : 0),
  returncode: returnCode,
  dependencies: (job) => dependencies(job),
  contextual_info: contextualInfo,
  contextual_time: (job, now) => (isPending(job) ? (job.duration ?? 0) : runtime(job, now)),
  inactive_reason: inactiveReason,
  uri: (job) => instanceUri(job) ?? '',
  'uri.local': (job) => localUri(instanceUri(job)) ?? '',
  'exception.occurred': (job) => job.exception_occurred ?? '',
  'exception.severity': (job) => job.exception_severity ?? '',
  'exception.type': (job) => job.exception_type ?? '',
  'exception.note': (job) => job.exception_note ?? '',
};

/** The result in words; empty while there is none. */
export function resultOf(job: JobRecord): string {
  return (resultNames[job.result ?? 0] ?? unknown)[0];
}

function isPending({ state = 0 }: JobRecord): boolean {
  return (state & (JobState.Depend | JobState.Priority | JobState.Sched)) !== 0;
}

function runtime({ t_run = 0, t_cleanup = 0 }: JobRecord, now: number): number {
  if (t_run <= 0) return 0;
  return (t_cleanup > 0 ? t_cleanup : now) - t_run;
}

/** The exit code, or minus the signal that ended the shell; -128 when canceled before it ran. */
export function returnCode({ waitstatus, result }: JobRecord): number | '' {
  if (waitstatus === undefined) {
    if (result === JobResult.Canceled) return -128;
    return result === JobResult.Failed ? 1 : '';
  }
  return (waitstatus & 0x7f) !== 0 ? -(waitstatus & 0x7f) : waitstatus >> 8;
}

function dependencies({ dependencies: list = [] }: JobRecord): string {
  return list.map(dependency).join(',');
}

function dependency(text: string): string {
  if (!text.startsWith('begin-time=')) return text;
  const time = new Date(Number(text.slice('begin-time='.length)) * 1000);
  const isToday = time.toDateString() === new Date().toDateString();
  return `begin@${strftime(isToday ? '%H:%M' : '%b%d-%H:%M', time)}${time.getSeconds() > 0 ? strftime(':%S', time) : ''}`;
}

function contextualInfo(job: JobRecord, now: number): string {
  switch (job.state) {
    case JobState.Priority:
      return 'priority-wait';
    case JobState.Depend:
      return `depends:${dependencies(job)}`;
    case JobState.Sched: {
      const estimate = (job.annotations?.['sched'] as { t_estimate?: number } | undefined)?.t_estimate;
      if (typeof estimate === 'number') return `eta:${estimate < now ? 'now' : pythonDuration(estimate - now)}`;
      if (job.urgency === 0) return 'held';
      return job.priority === 0 ? 'priority-hold' : '';
    }
    default:
      return job.nodelist ?? '';
  }
}

function inactiveReason(job: JobRecord): string {
  if (job.state !== JobState.Inactive) return '';
  const { exception_occurred: occurred, exception_type: type, exception_note: note } = job;
  const code = returnCode(job);
  switch (job.result) {
    case JobResult.Canceled:
      return occurred && type === 'cancel' && note ? `Canceled: ${note}` : 'Canceled';
    case JobResult.Timeout:
      return 'Timeout';
    case JobResult.Failed:
      if (occurred && type !== 'exec' && job.exception_severity === 0) {
        return `Exception: type=${type}${note ? ` note=${note}` : ''}`;
      }
      if (code !== '' && code > 128) return signalText(code - 128);
      if (code === 126) return 'Command invoked cannot execute';
      if (code === 127) return 'command not found';
      return code === 128 ? 'Invalid argument to exit' : `Exit ${code}`;
    default:
      return `Exit ${code}`;
  }
}

/** The address of the instance that a job is, when it is one. */
export function instanceUri(job: JobRecord): string | undefined {
  const uri = (job.annotations?.['user'] as { uri?: unknown } | undefined)?.uri;
  return typeof uri === 'string' ? uri : undefined;
}

/** `ssh://HOST/PATH` as `local:///PATH`. */
export function localUri(uri: string | undefined): string | undefined {
  const match = uri === undefined ? null : /^(?:ssh|local):\/\/[^/]*(\/.*)$/.exec(uri);
  return match ? `local://${match[1]}` : uri;
}

/** The address by which this process reaches the instance: without ssh when it is on this host. */
export function reachableUri(uri: string): string {
  const host = /^ssh:\/\/(?:[^@/]*@)?([^:/]*)/.exec(uri)?.[1];
  return host === hostname() || host === 'localhost' ? localUri(uri)! : uri;
}

let passwords: Map<number, string> | undefined;

/** The user's name, or the number where there is none. */
export function userName(userid: number | undefined): string {
  if (userid === undefined) return '';
  if (userid === process.getuid?.()) {
    try {
      return userInfo().username;
    } catch {
      return String(userid);
    }
  }
  passwords ??= new Map(passwordLines().map(([name, , id]) => [Number(id), name!]));
  return passwords.get(userid) ?? String(userid);
}

/** The number of a user by name. */
export function userIdOf(name: string): number | undefined {
  const line = passwordLines().find((fields) => fields[0] === name);
  return line && Number(line[2]);
}

function passwordLines(): string[][] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(({ length }) => length > 3);
  } catch {
    return [];
  }
}
