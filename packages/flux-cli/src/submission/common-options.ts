/** The options that submit, run, bulksubmit, batch and alloc share, and those by which jobs count their resources. */

import { parseDatetime } from '../formats/parse-datetime.ts';
import type { PythonOption } from '../options/python-syntax.ts';

const one = (flags: readonly string[], shown: string, help: string): PythonOption => ({
  flags,
  takes: 'one',
  shown,
  help,
});
const many = (flags: readonly string[], shown: string, help: string): PythonOption => ({
  flags,
  takes: 'append',
  shown,
  help,
});
const flag = (flags: readonly string[], help: string): PythonOption => ({ flags, takes: 'flag', help });

/** `hidesStreams`: batch and alloc take the options of standard streams without showing them. */
export function commonOptions(hidesStreams = false): PythonOption[] {
  const stream = (option: PythonOption): PythonOption => {
    if (!hidesStreams) return option;
    const { help: _, ...hidden } = option;
    return hidden;
  };
  return [
    {
      flags: ['--help'],
      takes: 'optional',
      constant: 'default',
      shown: 'TOPIC',
      help: 'Show this help message or extended help for TOPIC and exit',
    },
    one(['-B', '--bank'], 'BANK', 'Submit a job to a specific named bank'),
    one(['-q', '--queue'], 'NAME', 'Submit a job to a specific named queue'),
    one(
      ['-t', '--time-limit'],
      'MIN|FSD',
      'Time limit in minutes when no units provided, otherwise in Flux standard duration, e.g. 30s, 2d, 1.5h',
    ),
    { ...one(['--urgency'], 'N', 'Set job urgency (0-31), hold=0, default=16, expedite=31'), default: '16' },
    one(['--job-name'], 'NAME', 'Set an optional name for job to NAME'),
    many(
      ['-o', '--setopt'],
      'OPT',
      'Set shell option OPT. An optional value is supported with OPT=VAL (default VAL=1) (multiple use OK)',
    ),
    many(
      ['-S', '--setattr'],
      'ATTR',
      'Set job attribute ATTR. An optional value is supported with ATTR=VAL (default VAL=1). If ATTR starts with ^, then VAL is a file containing valid JSON which will be used as the value of the attribute. (multiple use OK)',
    ),
    many(
      ['--add-file'],
      '[NAME=]PATH',
      'Add a file at PATH with optional NAME to jobspec. The file will be extracted to {{tmpdir}}/NAME. If NAME is not specified, then the basename of PATH will be used. If necessary, permissions may be specified via NAME:PERMS. (multiple use OK)',
    ),
    many(['--dependency'], 'URI', 'Set an RFC 26 dependency URI for this job'),
    {
      ...many(['--requires'], 'CONSTRAINT', 'Specify job constraints in RFC 35 syntax'),
      hiddenFlags: ['--require'],
    },
    {
      ...many(
        ['--begin-time'],
        '+FSD|TIME',
        'Set minimum start time as offset in FSD (e.g. +1h) or an absolute TIME (e.g. "3pm") for job',
      ),
      key: 'dependency',
      toList: beginTime,
    },
    many(
      ['--env'],
      'RULE',
      "Control how environment variables are exported. If RULE starts with '-' apply rest of RULE as a remove filter (see --env-remove), if '^' then read rules from a file (see --env-file). Otherwise, set matching environment variables from the current environment (--env=PATTERN) or set a value explicitly (--env=VAR=VALUE). Rules are applied in the order they are used on the command line. (multiple use OK)",
    ),
    {
      ...many(
        ['--env-remove'],
        'PATTERN',
        "Remove environment variables matching PATTERN. If PATTERN starts with a '/', then it is matched as a regular expression, otherwise PATTERN is a shell glob expression. (multiple use OK)",
      ),
      key: 'env',
      toList: (pattern) => `-${pattern}`,
    },
    {
      ...many(['--env-file'], 'FILE', 'Read a set of environment rules from FILE. (multiple use OK)'),
      key: 'env',
      toList: (path) => `^${path}`,
    },
    many(
      ['--rlimit'],
      'RULE',
      "Control how soft resource limits are propagated to the job. If RULE starts with a '-', then do not propagate matching resource limits (e.g. '-*' propagates nothing). Otherwise, propagate the current limit or a specific value, e.g. --rlimit=core or --rlimit=core=16. The option may be used multiple times to build a reduced set of propagated limits, e.g. --rlimit=-*,core will only propagate RLIMIT_CORE.",
    ),
    stream(one(['--input'], 'FILENAME', 'Redirect job stdin from FILENAME, bypassing KVS')),
    stream(one(['--output'], 'FILENAME', 'Redirect job stdout to FILENAME, bypassing KVS')),
    stream(one(['--error'], 'FILENAME', 'Redirect job stderr to FILENAME, bypassing KVS')),
    flag(['-u', '--unbuffered'], 'Disable buffering of input and output'),
    stream(flag(['-l', '--label-io'], 'Add rank labels to stdout, stderr lines')),
    one(['--cwd'], 'DIRECTORY', 'Set job working directory'),
    many(
      ['--flags'],
      'FLAGS',
      'Set comma separated list of job submission flags. Possible flags: debug, waitable, novalidate',
    ),
    one(
      ['--signal'],
      '[SIG][@TIME]',
      'Schedule delivery of signal SIG at a defined TIME before job expiration. Default SIG is SIGUSR1, default TIME is 60s.',
    ),
    { ...flag(['--dry-run'], "Don't actually submit job, just emit jobspec"), hiddenFlags: ['--dry'] },
    flag(['--quiet'], 'Do not print jobid to stdout on submission'),
    flag(['--list-plugins'], 'Print all command-line plugins that are loaded and exit'),
  ];
}

function beginTime(text: string): string {
  const seconds = parseDatetime(text, new Date()).getTime() / 1000;
  return `begin-time:${Number.isInteger(seconds) ? `${seconds}.0` : seconds}`;
}

const taskGroup = 'Per task options';
const resourceGroup = 'Per resource options';
const commonGroup = 'Common resource options';
export const pluginGroup = 'Options provided by plugins (--help=OPTION for extended plugin documentation)';

export const jobGroups = [
  { title: commonGroup },
  {
    title: taskGroup,
    says: 'The following options allow per-task specification of resources, and should not be combined with per-resource options.',
  },
  {
    title: resourceGroup,
    says: 'The following options allow per-resource specification of tasks, and should not be used with per-task options above',
  },
  { title: pluginGroup },
];

/** Of submit, run and bulksubmit: the resources of tasks. */
export const taskOptions: readonly PythonOption[] = [
  one(
    ['--taskmap'],
    'URI',
    'Select the scheme for mapping task ids to nodes as a URI (i.e. SCHEME[:VALUE]). Value options include block, cyclic, cyclic:N, or manual:TASKMAP (default: block)',
  ),
  { ...one(['-N', '--nodes'], 'N', 'Number of nodes to allocate'), group: commonGroup },
  { ...flag(['-x', '--exclusive'], 'With -N, --nodes, allocate nodes exclusively'), group: commonGroup },
  { ...one(['-n', '--ntasks'], 'N', 'Number of tasks to start'), group: taskGroup },
  { ...one(['-c', '--cores-per-task'], 'N', 'Number of cores to allocate per task'), group: taskGroup },
  { ...one(['-g', '--gpus-per-task'], 'N', 'Number of GPUs to allocate per task'), group: taskGroup },
  { ...one(['--cores'], 'N', 'Request a total number of cores'), group: resourceGroup },
  { ...one(['--tasks-per-node'], 'N', 'Force number of tasks per node'), group: resourceGroup },
  { ...one(['--tasks-per-core'], 'N', 'Force number of tasks per core'), group: resourceGroup },
  { ...one(['--gpus-per-node'], 'N', 'Request a number of GPUs per node with --nodes'), group: resourceGroup },
  { flags: ['-v', '--verbose'], takes: 'count', default: 0, help: 'Increase verbosity on stderr (multiple use OK)' },
];

export const pluginOptions: readonly PythonOption[] = [
  {
    ...one(
      ['--resources-shape'],
      'SHAPE',
      'Provide an RFC 46 jobspec shape on the command line. Any other resource arguments will be ignored.',
    ),
    group: pluginGroup,
  },
  {
    ...one(['--resources-json'], 'FILE', 'Provide a JSON file specifying the `resources` section of a jobspec.'),
    group: pluginGroup,
  },
];

/** Of submit and bulksubmit: copies, and what to wait for. */
export const bulkOptions: readonly PythonOption[] = [
  one(['--cc'], 'IDSET', 'Replicate job for each ID in IDSET. (FLUX_JOB_CC=ID will be set for each job submitted)'),
  one(['--bcc'], 'IDSET', 'Like --cc, but FLUX_JOB_CC is not set'),
  { ...one(['--wait-event'], 'NAME', 'Wait for event NAME for all jobs after submission'), key: 'wait' },
  {
    flags: ['--wait'],
    takes: 'constant',
    constant: 'clean',
    help: 'Wait for all jobs to complete after submission (same as --wait-event=clean)',
  },
  flag(['--watch'], 'Watch all job output (implies --wait)'),
  one(['--log'], 'FILE', 'Print program log messages (e.g. submitted jobid) to FILE instead of terminal'),
  one(['--log-stderr'], 'FILE', 'Separate stderr messages into FILE instead of terminal or logfile destination'),
  flag(['--progress'], 'Show progress of job submission or completion (with --wait)'),
  flag(['--jps'], 'With --progress, show job throughput'),
];
