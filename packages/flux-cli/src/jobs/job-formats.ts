/** Formats of `flux jobs`: the named ones, the headings of fields, and which attributes of the list a field needs. */
import type { NamedFormat } from '../formats/named-formats.ts';

export const jobFormats: Readonly<Record<string, NamedFormat>> = {
  default: {
    description: 'Default flux-jobs format string',
    format:
      '{id.f58:>12} ?:{queue:<8.8} +:{username:<8} {name:<10.10+} {status_abbrev:>2.2} {ntasks:>6} {nnodes:>6h} {contextual_time!F:>8h} {contextual_info}',
  },
  cute: {
    description: 'Cute flux-jobs format string (default with emojis)',
    format:
      '{id.f58:>12} ?:{queue:<8.8} +:{username:<8} {name:<10.10+} {status_emoji:>5.5} {ntasks:>6} {nnodes:>6h} {contextual_time!F:>8h} {contextual_info}',
  },
  long: {
    description: 'Extended flux-jobs format string',
    format:
      '{id.f58:>12} ?:{queue:<8.8} +:{username:<8} {name:<10.10+} {status:>9.9} {ntasks:>6} {nnodes:>6h} {t_submit!d:%b%d %R::>12} {t_remaining!F:>12h} {contextual_time!F:>8h} {contextual_info}',
  },
  deps: {
    description: 'Show job urgency, priority, and dependencies',
    format: '{id.f58:>12} ?:{queue:<8.8} {name:<10.10+} {urgency:<3} {priority:<12} {state:<8.8} {dependencies}',
  },
  endreason: {
    description: 'Show why each job ended',
    format:
      '{id.f58:>12} ?:{queue:<8.8} +:{username:<8} {name:<10.10+} {status_abbrev:>2.2} {t_inactive!d:%b%d %R::>12h} {inactive_reason}',
  },
};

export const jobHeadings: Readonly<Record<string, string>> = {
  id: 'JOBID',
  'id.dec': 'JOBID',
  'id.hex': 'JOBID',
  'id.f58': 'JOBID',
  'id.f58plain': 'JOBID',
  'id.emoji': 'JOBID',
  'id.kvs': 'JOBID',
  'id.words': 'JOBID',
  'id.dothex': 'JOBID',
  userid: 'UID',
  username: 'USER',
  urgency: 'URG',
  priority: 'PRI',
  state: 'STATE',
  state_single: 'S',
  state_emoji: 'STATE',
  name: 'NAME',
  cwd: 'CWD',
  queue: 'QUEUE',
  project: 'PROJECT',
  bank: 'BANK',
  ntasks: 'NTASKS',
  ncores: 'NCORES',
  duration: 'DURATION',
  nnodes: 'NNODES',
  expiration: 'EXPIRATION',
  t_remaining: 'T_REMAINING',
  ranks: 'RANKS',
  nodelist: 'NODELIST',
  success: 'SUCCESS',
  result: 'RESULT',
  result_abbrev: 'RS',
  result_emoji: 'RESULT',
  t_submit: 'T_SUBMIT',
  t_depend: 'T_DEPEND',
  t_priority: 'T_PRIORITY',
  t_sched: 'T_SCHED',
  t_run: 'T_RUN',
  t_cleanup: 'T_CLEANUP',
  t_inactive: 'T_INACTIVE',
  runtime: 'RUNTIME',
  status: 'STATUS',
  status_abbrev: 'ST',
  status_emoji: 'STATUS',
  waitstatus: 'WSTATUS',
  returncode: 'RC',
  'exception.occurred': 'EXCEPTION-OCCURRED',
  'exception.severity': 'EXCEPTION-SEVERITY',
  'exception.type': 'EXCEPTION-TYPE',
  'exception.note': 'EXCEPTION-NOTE',
  annotations: 'ANNOTATIONS',
  dependencies: 'DEPENDENCIES',
  contextual_info: 'INFO',
  contextual_time: 'TIME',
  inactive_reason: 'INACTIVE-REASON',
  'annotations.sched.t_estimate': 'T_ESTIMATE',
  'annotations.sched.reason_pending': 'REASON',
  'annotations.sched.resource_summary': 'RESOURCES',
  sched: 'SCHED',
  'sched.t_estimate': 'T_ESTIMATE',
  'sched.reason_pending': 'REASON',
  'sched.resource_summary': 'RESOURCES',
  user: 'USER',
  uri: 'URI',
  'uri.local': 'URI',
  'instance.stats.total': 'NJOBS',
  'instance.utilization': 'CORE%',
  'instance.gpu_utilization': 'GPU%',
  'instance.progress': 'PROG',
  'instance.resources.all.ncores': 'CORES',
  'instance.resources.all.ngpus': 'GPUS',
  'instance.resources.all.nnodes': 'NODES',
  'instance.resources.up.ncores': 'UP',
  'instance.resources.up.ngpus': 'UP',
  'instance.resources.up.nnodes': 'UP',
  'instance.resources.down.ncores': 'DOWN',
  'instance.resources.down.ngpus': 'DOWN',
  'instance.resources.down.nnodes': 'DOWN',
  'instance.resources.allocated.ncores': 'USED',
  'instance.resources.allocated.ngpus': 'USED',
  'instance.resources.allocated.nnodes': 'USED',
  'instance.resources.free.ncores': 'FREE',
  'instance.resources.free.ngpus': 'FREE',
  'instance.resources.free.nnodes': 'FREE',
};

/** Of a field whose name the scheduler, a user or an instance makes up. Undefined: there is no such field. */
export function jobHeading(field: string): string | undefined {
  if (Object.hasOwn(jobHeadings, field)) return jobHeadings[field];
  if (field.startsWith('annotations.')) return field.slice('annotations.'.length).toUpperCase();
  if (field.startsWith('sched.') || field.startsWith('user.')) return field.toUpperCase();
  if (field.startsWith('instance.')) return field.replace(/^instance\.(resources\.)?/, '').toUpperCase();
  return undefined;
}

/** Attributes of fields that have others than their own name. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  username: ['userid'],
  state_single: ['state'],
  state_emoji: ['state'],
  returncode: ['waitstatus', 'result'],
  'exception.occurred': ['exception_occurred'],
  'exception.severity': ['exception_severity'],
  'exception.type': ['exception_type'],
  'exception.note': ['exception_note'],
  result_abbrev: ['result'],
  result_emoji: ['result'],
  runtime: ['t_run', 't_cleanup'],
  status: ['state', 'result'],
  status_abbrev: ['state', 'result'],
  status_emoji: ['state', 'result'],
  expiration: ['expiration', 'state', 'result'],
  t_remaining: ['expiration', 'state', 'result'],
  contextual_info: ['state', 'dependencies', 'annotations', 'nodelist', 'priority', 'urgency'],
  contextual_time: ['state', 't_run', 't_cleanup', 'duration'],
  inactive_reason: [
    'state',
    'result',
    'waitstatus',
    'exception_occurred',
    'exception_severity',
    'exception_type',
    'exception_note',
  ],
  sched: ['annotations'],
  user: ['annotations'],
  uri: ['annotations'],
  'uri.local': ['annotations'],
};

/** What to ask the list for. */
export function attributesOf(fields: Iterable<string>): string[] {
  const wanted = new Set<string>();
  for (const field of fields) {
    if (field === 'id' || field.startsWith('id.')) continue;
    if (/^(annotations|sched|user)\./.test(field)) wanted.add('annotations');
    else if (field.startsWith('instance.')) for (const name of ['annotations', 'state', 'result']) wanted.add(name);
    else for (const name of attributes[field] ?? [field]) wanted.add(name);
  }
  return [...wanted];
}
