// Shell option `cpu-affinity`: which CPUs a task may use. Only where it is asked for by name: binding takes another
// program in front of each task.
import { Idset } from '@ebb/flux-formats';
import type { ShellJob } from './shell-job.ts';

/**
 * The CPUs of a task, or undefined where it may use all. The cores of the allocation are taken for CPU numbers, which
 * holds where a core has one thread.
 */
export function taskCpus(
  option: unknown,
  job: ShellJob,
  local: number,
  warn: (text: string) => void,
): Idset | undefined {
  if (option === undefined || option === 'off') return undefined;
  const cores = [...job.allocation.cores(job.ranks[job.shell]!)];
  if (option === 'on' || option === 1 || option === true) return Idset.of(cores);
  if (option === 'per-task') {
    const tasks = job.tasks.length;
    const first = Math.floor((local * cores.length) / tasks);
    const behind = Math.max(first + 1, Math.floor(((local + 1) * cores.length) / tasks));
    return Idset.of(cores.slice(first, behind));
  }
  if (typeof option === 'string' && option.startsWith('map:')) {
    const sets = option.slice('map:'.length).split(';');
    return Idset.parse(sets[local % sets.length]!);
  }
  warn(`cpu-affinity: invalid option: ${String(option)}`);
  return undefined;
}
