// Options of the shell, `-o NAME=VALUE` (flux-shell(1)), as this shell knows them.
import { parseDuration } from '@ebb/flux-formats';
import type { ShellJob } from './shell-job.ts';

export interface ShellOptions {
  /** Milliseconds from the end of the first task to the end of all; undefined: no limit. */
  readonly exitTimeoutMs: number | undefined;
  /** As it was written. */
  readonly exitTimeout: string;
  readonly exitOnError: boolean;
  /** 0: warnings and errors; 1: debug; 2: trace. */
  readonly verbose: number;
  /** Signal to send when so many seconds are left. */
  readonly signal: { readonly signum: number; readonly timeleft: number } | undefined;
  readonly rlimits: Readonly<Record<string, number>>;
  /** Templates by variable. */
  readonly environmentTemplates: Readonly<Record<string, string>>;
  /** As it was given; undefined: tasks are not bound. */
  readonly cpuAffinity: unknown;
  readonly hasPmi: boolean;
  /** What is wrong or unknown, to be logged. */
  readonly warnings: readonly string[];
}

/** Options without effect on what a task sees, or which other parts read. */
const knownOptions = new Set([
  'output',
  'input',
  'exit-timeout',
  'exit-on-error',
  'verbose',
  'signal',
  'rlimit',
  'env-expand',
  'pmi',
  'pmi-simple',
  'mpi',
  'per-resource',
  'taskmap',
  'cpu-affinity',
  'gpu-affinity',
  'pty',
  'nosetpgrp',
  'hwloc',
  'oom',
  'userrc',
  'initrc',
  'wait-untraced',
]);

const defaultExitTimeout = '30s';

export function shellOptions({ jobspec }: ShellJob): ShellOptions {
  const options = jobspec.attributes.system.shell?.options ?? {};
  const warnings = Object.keys(options)
    .filter((name) => !knownOptions.has(name))
    .map((name) => `shell option ${name} is not supported and has no effect`);
  const pmi = options['pmi'];
  return {
    ...exitTimeout(options['exit-timeout'], warnings),
    exitOnError: Boolean(options['exit-on-error']),
    verbose: Number(options['verbose'] ?? 0),
    signal: signal(options['signal'], warnings),
    rlimits: (options['rlimit'] ?? {}) as Record<string, number>,
    environmentTemplates: (options['env-expand'] ?? {}) as Record<string, string>,
    cpuAffinity: options['cpu-affinity'],
    hasPmi: typeof pmi !== 'string' || pmi.split(',').some((name) => ['simple', 'pmi1', 'pmi2'].includes(name)),
    warnings,
  };
}

function exitTimeout(value: unknown, warnings: string[]): { exitTimeoutMs: number | undefined; exitTimeout: string } {
  const text = String(value ?? defaultExitTimeout);
  if (text === 'none') return { exitTimeoutMs: undefined, exitTimeout: text };
  try {
    return { exitTimeoutMs: parseDuration(text) * 1000, exitTimeout: text };
  } catch {
    warnings.push(`exit-timeout=${text} is not a duration or none`);
    return exitTimeout(defaultExitTimeout, warnings);
  }
}

const sigusr1 = 10;
const defaultTimeleft = 60;

function signal(value: unknown, warnings: string[]): ShellOptions['signal'] {
  if (value === undefined) return undefined;
  // A bare `-o signal` and numbers stand for signal and default time.
  if (value === 1 || value === true) return { signum: sigusr1, timeleft: defaultTimeleft };
  if (typeof value === 'number') return { signum: value, timeleft: defaultTimeleft };
  const { signum = sigusr1, timeleft = defaultTimeleft } = value as { signum?: unknown; timeleft?: unknown };
  if (typeof signum === 'number' && typeof timeleft === 'number') return { signum, timeleft };
  warnings.push('signal: signum and timeleft must be numbers');
  return undefined;
}
