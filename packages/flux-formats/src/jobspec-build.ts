/** Builds jobspecs from what the options of `flux submit`, `run`, `batch` and `alloc` say. RFC 25 and RFC 37. */
import type { ConstraintObject } from './constraint.ts';
import type { Jobspec, JobspecDependency, JobspecFile, JobspecResource } from './jobspec.ts';
import { JobspecOptionError, setDotted } from './jobspec-options.ts';

/** Counts are those of the options of the same name. A job counts by task, or by resource (the second group). */
export interface JobspecOptions {
  readonly command: readonly string[];
  readonly nodes?: number | undefined;
  readonly exclusive?: boolean | undefined;
  readonly tasks?: number | undefined;
  readonly coresPerTask?: number | undefined;
  readonly gpusPerTask?: number | undefined;

  readonly cores?: number | undefined;
  readonly tasksPerNode?: number | undefined;
  readonly tasksPerCore?: number | undefined;
  readonly gpusPerNode?: number | undefined;

  /** Seconds; 0 or left out: the instance's default. */
  readonly duration?: number | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Variables whose templates (`{{…}}`) the shell fills in. */
  readonly environmentTemplates?: Readonly<Record<string, string>> | undefined;
  readonly rlimits?: Readonly<Record<string, number>> | undefined;
  readonly cwd?: string | undefined;
  readonly name?: string | undefined;
  readonly queue?: string | undefined;
  readonly bank?: string | undefined;
  /** Paths; output and error may be `none` and `kvs` too. */
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly labelIo?: boolean | undefined;
  readonly unbuffered?: boolean | undefined;
  /** A signal to send before the time is over. */
  readonly signal?: { readonly signum: number; readonly timeleft: number } | undefined;
  readonly taskmap?: JobspecDependency | undefined;
  readonly dependencies?: readonly JobspecDependency[] | undefined;
  readonly constraint?: ConstraintObject | undefined;
  /** Dotted keys under `attributes.system.shell.options`. */
  readonly shellOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Dotted keys, `system.` taken for granted: `queue`, `user.note`, `.system.x`. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly files?: Readonly<Record<string, JobspecFile>> | undefined;
}

/** @throws JobspecOptionError when the options do not go together */
export function buildJobspec(options: JobspecOptions): Jobspec {
  if (options.command.length === 0) throw new JobspecOptionError('job command and arguments are missing');
  for (const option of counts) {
    const value = options[option.name];
    if (value !== undefined && (!Number.isInteger(value) || value < option.smallest)) {
      throw new JobspecOptionError(`${option.shown} must be an integer >= ${option.smallest}`);
    }
  }
  const byResource =
    options.cores !== undefined ||
    options.tasksPerNode !== undefined ||
    options.tasksPerCore !== undefined ||
    options.gpusPerNode !== undefined;
  const jobspec = byResource ? jobspecByResource(options) : jobspecByTask(options);
  applyDetails(jobspec, options);
  return jobspec;
}

export interface NestedJobspecOptions
  extends Omit<
    JobspecOptions,
    'tasks' | 'coresPerTask' | 'gpusPerTask' | 'cores' | 'tasksPerNode' | 'tasksPerCore' | 'gpusPerNode'
  > {
  readonly slots?: number | undefined;
  readonly coresPerSlot?: number | undefined;
  readonly gpusPerSlot?: number | undefined;
  readonly brokerOptions?: readonly string[] | undefined;
  /** Configuration of the instance that is started. */
  readonly config?: unknown;
  /** Brokers beside the one of each node. */
  readonly addBrokers?: number | undefined;
}

/** The jobspec of a Flux instance that runs `command` as its initial program: `flux alloc`, `flux batch`. */
export function buildNestedJobspec(options: NestedJobspecOptions): Jobspec {
  const { slots, coresPerSlot, gpusPerSlot, brokerOptions = [], config, addBrokers = 0, ...rest } = options;
  if (!slots && !options.nodes) throw new JobspecOptionError('Number of slots to allocate must be specified');
  if (addBrokers > 0 && !options.nodes) {
    throw new JobspecOptionError('--add-brokers may only be specified with -N, --nnodes');
  }
  const broker = ['flux', 'broker', ...brokerOptions, ...(config === undefined ? [] : ['-c{{tmpdir}}/conf.json'])];
  const files = { ...options.files };
  if (config !== undefined) files['conf.json'] = { mode: 0o100600, data: config };
  const jobspec = buildJobspec({
    ...rest,
    command: [...broker, ...options.command],
    tasks: slots,
    coresPerTask: coresPerSlot,
    gpusPerTask: gpusPerSlot,
    files,
    shellOptions: {
      'per-resource.type': 'node',
      mpi: 'none',
      // One broker that ends early must not take the others with it after the shell's default wait.
      'exit-timeout': 'none',
      ...options.shellOptions,
    },
  });
  if (addBrokers > 0) {
    jobspec.tasks[0]!.count = { total: options.nodes! + addBrokers };
    delete jobspec.attributes.system.shell!.options!['per-resource'];
  }
  return jobspec;
}

/** As `buildNestedJobspec`, for a script that travels in the jobspec. */
export function buildBatchJobspec(script: string, options: NestedJobspecOptions): Jobspec {
  if (!script.startsWith('#!'))
    throw new JobspecOptionError(`${options.name ?? 'script'} does not appear to start with '#!'`);
  const file: JobspecFile = { mode: 0o100700, data: script, encoding: 'utf-8' };
  return buildNestedJobspec({
    ...options,
    command: ['{{tmpdir}}/script', ...options.command],
    files: { ...options.files, script: file },
  });
}

const counts = [
  { name: 'nodes', shown: 'node count', smallest: 1 },
  { name: 'tasks', shown: 'task count', smallest: 1 },
  { name: 'coresPerTask', shown: 'cores per task', smallest: 1 },
  { name: 'gpusPerTask', shown: 'gpus per task', smallest: 0 },
  { name: 'cores', shown: 'ncores', smallest: 1 },
  { name: 'tasksPerNode', shown: '--tasks-per-node', smallest: 1 },
  { name: 'tasksPerCore', shown: '--tasks-per-core', smallest: 1 },
  { name: 'gpusPerNode', shown: 'gpus_per_node', smallest: 0 },
] as const;

function jobspecByTask(options: JobspecOptions): Jobspec {
  const { nodes } = options;
  // Nodes alone mean whole nodes, a task on each.
  const exclusive = options.exclusive === true || (nodes !== undefined && options.tasks === undefined);
  const tasks = options.tasks ?? nodes ?? 1;
  const children = slotChildren(options.coresPerTask ?? 1, options.gpusPerTask ?? 0);
  if (nodes === undefined) {
    if (exclusive) throw new JobspecOptionError('exclusive can only be set with a node count');
    return newJobspec(slotOf(tasks, children), options.command, { per_slot: 1 });
  }
  if (nodes > tasks) throw new JobspecOptionError('node count must not be greater than task count');
  const slot = slotOf(Math.ceil(tasks / nodes), children);
  const even = tasks % nodes === 0;
  return newJobspec(nodeOf(nodes, slot, exclusive), options.command, even ? { per_slot: 1 } : { total: tasks });
}

function jobspecByResource(options: JobspecOptions): Jobspec {
  const { nodes, cores, tasksPerNode, tasksPerCore, gpusPerNode } = options;
  if (tasksPerNode !== undefined && tasksPerCore !== undefined) {
    throw new JobspecOptionError('Do not specify both the number of tasks per node and per core');
  }
  if (gpusPerNode && nodes === undefined) throw new JobspecOptionError('--gpus-per-node requires --nodes');
  if (options.tasks !== undefined || options.coresPerTask !== undefined || options.gpusPerTask) {
    throw new JobspecOptionError("Per-resource options can't be used with per-task options. (See --help for details)");
  }
  const exclusive = options.exclusive === true || (nodes !== undefined && cores === undefined);
  if (nodes === undefined && exclusive) throw new JobspecOptionError('exclusive can only be set with a node count');
  if (nodes === undefined && cores === undefined) {
    throw new JobspecOptionError('must specify node or core count with per_resource');
  }
  if (nodes !== undefined && cores !== undefined) {
    if (cores < nodes) throw new JobspecOptionError('number of cores cannot be less than nnodes');
    if (cores % nodes !== 0) throw new JobspecOptionError('number of cores must be evenly divisible by node count');
  }
  const slotSize = nodes !== undefined && cores !== undefined ? cores / nodes : 1;
  const slot = slotOf(nodes === undefined ? cores! : 1, slotChildren(slotSize, gpusPerNode ?? 0));
  const top = nodes === undefined ? slot : nodeOf(nodes, slot, exclusive);
  const jobspec = newJobspec(top, options.command, { per_slot: 1 });
  const perResource =
    tasksPerNode !== undefined
      ? { type: 'node', count: tasksPerNode }
      : tasksPerCore !== undefined
        ? { type: 'core', count: tasksPerCore }
        : undefined;
  if (perResource) jobspec.attributes.system.shell = { options: { 'per-resource': perResource } };
  return jobspec;
}

function slotChildren(cores: number, gpus: number): JobspecResource[] {
  return [{ type: 'core', count: cores }, ...(gpus > 0 ? [{ type: 'gpu' as const, count: gpus }] : [])];
}

function slotOf(count: number, children: JobspecResource[]): JobspecResource {
  return { type: 'slot', count, with: children, label: 'task' };
}

function nodeOf(count: number, slot: JobspecResource, exclusive: boolean): JobspecResource {
  return { type: 'node', count, ...(exclusive ? { exclusive: true } : {}), with: [slot] };
}

function newJobspec(
  resource: JobspecResource,
  command: readonly string[],
  count: { per_slot: number } | { total: number },
): Jobspec {
  return {
    resources: [resource],
    tasks: [{ command: [...command], slot: 'task', count }],
    attributes: { system: { duration: 0 } },
    version: 1,
  };
}

function applyDetails(jobspec: Jobspec, options: JobspecOptions): void {
  const { system } = jobspec.attributes;
  const shell = (key: string, value: unknown) => setDotted(jobspec, `attributes.system.shell.options.${key}`, value);
  if (options.duration !== undefined) {
    if (!(options.duration >= 0) || !Number.isFinite(options.duration)) {
      throw new JobspecOptionError('duration must be a normal, finite value that is not negative');
    }
    system.duration = options.duration;
  }
  if (options.environment) system.environment = { ...options.environment };
  if (options.cwd !== undefined) system.cwd = options.cwd;
  if (options.name !== undefined) system.job = { name: options.name };
  applyStreams(shell, options);
  if (options.queue !== undefined) system.queue = options.queue;
  if (options.bank !== undefined) system.bank = options.bank;
  if (options.environmentTemplates && Object.keys(options.environmentTemplates).length > 0) {
    shell('env-expand', { ...options.environmentTemplates });
  }
  if (options.rlimits && Object.keys(options.rlimits).length > 0) shell('rlimit', { ...options.rlimits });
  if (options.signal) shell('signal', { ...options.signal });
  if (options.taskmap) shell('taskmap', options.taskmap);
  if (options.dependencies) system.dependencies = [...options.dependencies];
  if (options.constraint) system.constraints = options.constraint;
  for (const [key, value] of Object.entries(options.shellOptions ?? {})) shell(key, value);
  for (const [key, value] of Object.entries(options.attributes ?? {})) setDotted(jobspec, attributePath(key), value);
  if (options.files && Object.keys(options.files).length > 0) system.files = { ...system.files, ...options.files };
}

function applyStreams(shell: (key: string, value: unknown) => void, options: JobspecOptions): void {
  if (options.input !== undefined) {
    shell('input.stdin.type', 'file');
    shell('input.stdin.path', options.input);
  }
  for (const [stream, path] of [
    ['stdout', options.output],
    ['stderr', options.error],
  ] as const) {
    if (path === undefined || path === 'none' || path === 'kvs') continue;
    shell(`output.${stream}.type`, 'file');
    shell(`output.${stream}.path`, path);
    if (options.labelIo) shell(`output.${stream}.label`, true);
  }
  if (!options.unbuffered) return;
  shell('output.stdout.buffer.type', 'none');
  shell('output.stderr.buffer.type', 'none');
  // Seconds: output goes out almost at once, input at once.
  shell('output.batch-timeout', 0.05);
  shell('input.batch-timeout', 0);
}

function attributePath(key: string): string {
  if (key.startsWith('attributes.')) return key;
  if (key.startsWith('.')) return `attributes${key}`;
  return key.startsWith('user.') || key.startsWith('system.') ? `attributes.${key}` : `attributes.system.${key}`;
}
