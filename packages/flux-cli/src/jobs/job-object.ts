/** A job as the object that `flux jobs --json` prints: what is known of it, and nothing empty. */
import type { JobRecord } from '@ebb/flux-client';
import { printFluid } from '@ebb/flux-formats';
import { instanceUri, jobRow } from './job-fields.ts';

const fields = [
  't_depend',
  't_priority',
  't_sched',
  't_run',
  't_cleanup',
  't_inactive',
  'duration',
  'expiration',
  'name',
  'cwd',
  'queue',
  'project',
  'bank',
  'ntasks',
  'ncores',
  'nnodes',
  'priority',
  'ranks',
  'nodelist',
  'success',
  'result',
  'waitstatus',
  'id',
  't_submit',
  't_remaining',
  'state',
  'username',
  'userid',
  'urgency',
  'runtime',
  'status',
  'returncode',
];

const leftOutWhenZero = (field: string) => field.startsWith('t_') || field === 'runtime' || field === 'expiration';

/** `now`: seconds since 1970. */
export function jobObject(job: JobRecord, now: number): Record<string, unknown> {
  const row = jobRow(job, now);
  const object: Record<string, unknown> = {};
  for (const field of fields) {
    const value = field === 'id' ? job.id : row(field);
    if (value !== '' && !(value === 0 && leftOutWhenZero(field))) object[field] = value;
  }
  const { exception_occurred: occurred, exception_severity: severity } = job;
  const uri = instanceUri(job);
  const annotations = { ...job.annotations };
  if (uri !== undefined) {
    const { uri: _, ...user } = annotations['user'] as Record<string, unknown>;
    if (Object.keys(user).length === 0) delete annotations['user'];
    else annotations['user'] = user;
  }
  const dependencies = String(row('dependencies'));
  return {
    ...object,
    dependencies: dependencies === '' ? [] : dependencies.split(','),
    jobid: printFluid(job.id),
    annotations,
    exception: occurred
      ? { occurred, severity, type: job.exception_type, note: job.exception_note }
      : { occurred: false },
    ...(uri === undefined ? {} : { uri }),
  };
}
