/** Jobspec version 1: what a job asks for and runs. RFC 25, within the general form of RFC 14. */
import type { ConstraintObject } from './constraint.ts';

export interface JobspecResource {
  type: 'node' | 'slot' | 'core' | 'gpu';
  count: number;
  /** Of a slot: the name by which a task refers to it. */
  label?: string;
  /** Of a node: nothing else shares it. */
  exclusive?: boolean;
  with?: JobspecResource[];
}

export interface JobspecTask {
  command: string[];
  slot: string;
  count: { per_slot: number } | { total: number };
}

export interface JobspecDependency {
  scheme: string;
  value: string;
  [key: string]: unknown;
}

/** A file that travels in the jobspec, RFC 37. */
export interface JobspecFile {
  /** Mode with the type bits of `stat`. */
  mode: number;
  size?: number;
  encoding?: 'utf-8' | 'base64';
  data: unknown;
}

export interface JobspecSystemAttributes {
  /** Seconds; 0: the queue's or instance's default. */
  duration: number;
  cwd?: string;
  environment?: Record<string, string>;
  queue?: string;
  bank?: string;
  job?: { name?: string; [key: string]: unknown };
  constraints?: ConstraintObject;
  dependencies?: JobspecDependency[];
  shell?: { options?: Record<string, unknown>; [key: string]: unknown };
  files?: Record<string, JobspecFile>;
  [key: string]: unknown;
}

export interface Jobspec {
  resources: JobspecResource[];
  tasks: JobspecTask[];
  attributes: { system: JobspecSystemAttributes; user?: Record<string, unknown> };
  version: 1;
}

export interface JobspecCounts {
  /** Nodes asked for; 0 when the job leaves them open. */
  nnodes: number;
  /** Slots in all. */
  nslots: number;
  /** Cores a slot. */
  slotSize: number;
  gpusPerSlot: number;
  /** Undefined when it depends on the nodes that the job will get (tasks per node without a node count and the like). */
  ntasks: number | undefined;
  exclusive: boolean;
}

/** The sizes of a valid jobspec. */
export function countJobspec(jobspec: Jobspec): JobspecCounts {
  const top = jobspec.resources[0]!;
  const slot = top.type === 'node' ? top.with![0]! : top;
  const nnodes = top.type === 'node' ? top.count : 0;
  const nslots = slot.count * (nnodes || 1);
  const of = (type: string) => slot.with?.find((child) => child.type === type)?.count ?? 0;
  const counts = { nnodes, nslots, slotSize: of('core'), gpusPerSlot: of('gpu'), exclusive: top.exclusive === true };
  return { ...counts, ntasks: countTasks(jobspec, counts) };
}

function countTasks(jobspec: Jobspec, sizes: Omit<JobspecCounts, 'ntasks'>): number | undefined {
  const { nnodes, nslots, slotSize } = sizes;
  const per = jobspec.attributes.system.shell?.options?.['per-resource'] as
    | { type?: string; count?: number }
    | undefined;
  if (per?.type === 'node') return nnodes ? nnodes * (per.count ?? 1) : undefined;
  if (per?.type === 'core') return nnodes ? undefined : nslots * slotSize * (per.count ?? 1);
  const { count } = jobspec.tasks[0]!;
  return 'total' in count ? count.total : nslots * count.per_slot;
}

/** The name a job is listed under: its own, else the base name of its command. */
export function jobName(jobspec: Jobspec): string {
  return jobspec.attributes.system.job?.name ?? jobspec.tasks[0]!.command[0]!.split('/').at(-1)!;
}
