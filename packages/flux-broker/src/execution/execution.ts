// A way to run a job once its namespace is there: shells on the job's ranks, or a simulation.
import type { Idset } from '@ebb/flux-formats';
import type { GuestEntry, ShellException, ShellOrder } from '../shell/shell-messages.ts';

export interface Execution {
  /** Begins. */
  start(): void;
  /** Signals all that runs. */
  kill(signum: number): void;
  /** Tells all shells, or the leader alone. */
  tell(order: Omit<ShellOrder, 'id'>, isForLeader?: boolean): void;
  /** Ranks on which something still runs. */
  readonly activeRanks: Idset;
  /** What still runs is given up: `finished` is called at once. */
  abandon(): void;
}

/** What an execution tells its job. */
export interface ExecutionEvents {
  /** Everything runs. */
  started(): void;
  /** Events for the guest namespace. */
  entries(entries: readonly GuestEntry[]): void;
  /** A shell raised an exception. Severity 0 ends the job, with the wait status if there is one. */
  raised(exception: ShellException): void;
  /** The execution itself failed in part. Severity 0 ends the job; when it is ending already, that says it all. */
  failed(type: string, severity: number, note: string): void;
  /** Nothing runs any more; called once. Status: the highest wait status. */
  finished(status: number): void;
}
