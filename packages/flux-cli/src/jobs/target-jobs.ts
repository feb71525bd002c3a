/** Whose jobs and which states a command over many jobs means. */
import { activeStates, JobState, pendingStates, runningStates } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { userIdOf } from './job-fields.ts';

/** All users, as requests have it. */
export const allUsers = 0xffff_ffff;

const states: Readonly<Record<string, number>> = {
  new: JobState.New,
  n: JobState.New,
  depend: JobState.Depend,
  d: JobState.Depend,
  priority: JobState.Priority,
  p: JobState.Priority,
  sched: JobState.Sched,
  s: JobState.Sched,
  run: JobState.Run,
  r: JobState.Run,
  cleanup: JobState.Cleanup,
  c: JobState.Cleanup,
  inactive: JobState.Inactive,
  i: JobState.Inactive,
  pending: pendingStates,
  running: runningStates,
  active: activeStates,
};

/** The bits of a state's long or short name, or a group's; undefined when there is no such state. */
export function stateBits(name: string): number | undefined {
  return Object.hasOwn(states, name.toLowerCase()) ? states[name.toLowerCase()] : undefined;
}

/** A name, a number or `all`; default: this process's user. @throws CommandError */
export function targetUser(user: string | undefined): number {
  if (user === undefined) return process.getuid!();
  if (user === 'all') return allUsers;
  const userid = userIdOf(user) ?? (/^\d+$/.test(user) ? Number(user) : undefined);
  if (userid === undefined) throw new CommandError(`unknown user ${user}`);
  return userid;
}

/** The bits of all the names of an option. @throws CommandError for a name that is no state */
export function targetStates(names: readonly string[], option = 'states'): number {
  return names.reduce((sum, name) => {
    const bits = stateBits(name);
    if (bits === undefined) throw new CommandError(`error parsing --${option}: ${name} is unknown`);
    return sum | bits;
  }, 0);
}
