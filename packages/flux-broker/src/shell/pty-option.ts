// Shell option `pty`: which tasks run on a pseudo-terminal, and who reads it (flux-shell(1)).
import { FluxError } from '@ebb/flux-client';
import { Idset } from '@ebb/flux-formats';

export interface PtyOption {
  readonly tasks: Idset;
  /** `flux job attach` is to take over the terminal of task 0. */
  readonly isInteractive: boolean;
  /** What the terminal shows is output of the job as well. */
  readonly isCaptured: boolean;
}

/** Undefined without the option. @throws FluxError EINVAL for one that makes no sense */
export function ptyOption(option: unknown, taskCount: number): PtyOption | undefined {
  if (option === undefined || option === 0 || option === false) return undefined;
  const all = Idset.range(0, taskCount - 1);
  if (typeof option !== 'object' || option === null) return { tasks: all, isInteractive: false, isCaptured: true };
  const { ranks, capture, interactive, ...unknown } = option as Record<string, unknown>;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new FluxError('EINVAL', `invalid shell pty option: unknown key ${name}`);
  const isInteractive = Boolean(interactive);
  const wanted = ranks ?? (isInteractive ? '0' : 'all');
  const tasks = wanted === 'all' ? all : Idset.parse(String(wanted)).intersect(all);
  return {
    // Attaching is for task 0 alone.
    tasks: isInteractive ? tasks.union(Idset.of([0])) : tasks,
    isInteractive,
    isCaptured: capture === undefined ? !isInteractive : Boolean(capture),
  };
}
