// What a job is listed with of its jobspec (RFC 25), and the little of the jobspec that later updates need.
import { countJobspec, type Jobspec, parseJson, printJson, setDotted } from '@ebb/flux-formats';

/** A jobspec without what can be large: environment, files, the words of the command. */
export interface JobspecCore {
  readonly jobspec: Jobspec;
  /** Tasks by node or core, counted when the job has its resources. */
  perResource: { readonly type: string; readonly count: number } | undefined;
}

export interface JobspecAttributes {
  name: string | undefined;
  cwd: string | undefined;
  queue: string | undefined;
  project: string | undefined;
  bank: string | undefined;
  duration: number | undefined;
  nnodes: number | undefined;
  ntasks: number | undefined;
  ncores: number | undefined;
}

const updatable = /^(resources|tasks|attributes)(\.|$)/;

/** Undefined when the value is no jobspec at all; the parts are looked at by {@link jobspecAttributes}. */
export function jobspecCore(value: unknown): JobspecCore | undefined {
  const { resources, tasks, attributes, version } = (value ?? {}) as Partial<Jobspec>;
  if (!Array.isArray(tasks) || typeof attributes?.system !== 'object') return undefined;
  const { environment: _, files: __, ...system } = attributes.system;
  const short = tasks.map((task) => ({ ...task, command: task?.command?.slice(0, 1) }));
  return {
    jobspec: { resources, tasks: short, attributes: { system }, version } as Jobspec,
    perResource: perResourceOf(system),
  };
}

/** Applies the context of a jobspec-update event: keys with periods and their new values. */
export function updateJobspec(core: JobspecCore, updates: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(updates)) {
    if (updatable.test(key)) setDotted(core.jobspec, key, parseJson(printJson(value)));
  }
  core.perResource = perResourceOf(core.jobspec.attributes.system);
}

/** Attributes that cannot be told are undefined. */
export function jobspecAttributes({ jobspec }: JobspecCore): Partial<JobspecAttributes> {
  const { system } = jobspec.attributes;
  const { cwd, queue, project, bank, duration } = system as Record<string, unknown>;
  const attributes: Partial<JobspecAttributes> = {
    name: nameOf(jobspec),
    cwd: textOf(cwd),
    queue: textOf(queue),
    project: textOf(project),
    bank: textOf(bank),
    duration: typeof duration === 'number' ? duration : undefined,
  };
  try {
    const { nnodes, nslots, slotSize, exclusive, ntasks } = countJobspec(jobspec);
    return {
      ...attributes,
      nnodes: nnodes || undefined,
      ntasks,
      // How many cores a whole node has shows with the resources.
      ncores: nnodes && exclusive ? undefined : nslots * slotSize,
    };
  } catch {
    return attributes;
  }
}

// The job's own name, else the last part of its command's path. A path that ends in a slash stays whole.
function nameOf({ attributes, tasks }: Jobspec): string | undefined {
  const given = attributes.system.job?.name;
  if (typeof given === 'string') return given;
  const command = tasks[0]?.command?.[0];
  if (typeof command !== 'string') return undefined;
  return command.split('/').at(-1) || command;
}

function perResourceOf(system: Record<string, unknown>): JobspecCore['perResource'] {
  const { options } = (system['shell'] ?? {}) as { options?: Record<string, unknown> };
  const { type, count = 1 } = (options?.['per-resource'] ?? {}) as { type?: string; count?: number };
  return type === 'node' || type === 'core' ? { type, count } : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
