// The command of a task with all that has to run in front of it.
import { taskCpus } from './affinity.ts';
import { findCommand, limitOptions, ownLimits } from './command-wrapper.ts';
import type { ShellJob } from './shell-job.ts';
import type { ShellOptions } from './shell-options.ts';

export interface CommandContext {
  readonly job: ShellJob;
  readonly options: ShellOptions;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  log(level: number, text: string): void;
}

/**
 * The words by which the commands of a shell's tasks are to be preceded, none for the most of jobs. Looked up once for
 * all tasks: it reports what cannot be had.
 */
export function commandPrefix({ options, environment, cwd, log }: CommandContext): string[] {
  const limits = limitOptions(options.rlimits, ownLimits(), log);
  if (limits.length === 0) return [];
  try {
    return [findCommand('prlimit', environment['PATH'], cwd), ...limits];
  } catch {
    log(4, `rlimit: prlimit is not there, limits stay as they are: ${limits.join(' ')}`);
    return [];
  }
}

/** The words to start. @throws FluxError ENOENT, EACCES for a command that cannot be run */
export function wrapCommand(
  words: readonly string[],
  prefix: readonly string[],
  local: number,
  { job, options, environment, cwd, log }: CommandContext,
): string[] {
  const cpus = taskCpus(options.cpuAffinity, job, local, (text) => log(4, text));
  const binding = cpus ? [...taskset(environment['PATH'], cwd, log), '-c', cpus.toString()] : [];
  const before = [...prefix, ...(binding.length > 2 ? binding : [])];
  if (before.length === 0) return [...words];
  // The programs in front have errors of their own for a command that is not there.
  return [...before, findCommand(words[0]!, environment['PATH'], cwd), ...words.slice(1)];
}

function taskset(path: string | undefined, cwd: string, log: (level: number, text: string) => void): string[] {
  try {
    return [findCommand('taskset', path, cwd)];
  } catch {
    log(4, 'cpu-affinity: taskset is not there, tasks are not bound');
    return [];
  }
}
