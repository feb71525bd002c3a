// What job-exec and the shells of a job say to one another: topics of the module `job-shell`. Nobody else uses them.
import type { Jobspec, RObject } from '@ebb/flux-formats';

/** `job-shell.start`, streaming: the rank runs its part of a job. It ends, with ENODATA, when all of it is over. */
export interface ShellStart {
  readonly id: number | bigint;
  readonly userid: number;
  /** With the environment of the tasks. */
  readonly jobspec: Jobspec;
  readonly R: RObject;
}

/** Eventlogs of the guest namespace that a shell writes. */
export type GuestLog = 'exec.eventlog' | 'output' | 'input';

/** Text to append, of whole events. */
export type GuestEntry = readonly [log: GuestLog, text: string];

/** One answer of `job-shell.start`. */
export type ShellReport =
  | { readonly type: 'started' }
  | { readonly type: 'entries'; readonly entries: readonly GuestEntry[] }
  /** A severity of 0 ends the job. */
  | { readonly type: 'exception'; readonly exception: string; readonly severity: number; readonly note: string }
  /** Wait status of the whole shell. */
  | { readonly type: 'exit'; readonly status: number };

/** `job-shell.report`, no answer: what a shell tells the leader shell of its job. */
export interface LeaderReport {
  readonly id: number | bigint;
  /** Which of the job's shells, counted from 0. */
  readonly shell: number;
  /** Output of its tasks, in order. */
  readonly output?: readonly unknown[];
  /** Its tasks run, or could not be started. */
  readonly isStarted?: true;
  /** Nothing more comes. */
  readonly isOver?: true;
  /** The first of its tasks that ended. */
  readonly taskExit?: TaskExit;
}

/** Context of the event `shell.task-exit`. */
export interface TaskExit {
  readonly localid: number;
  readonly rank: number;
  readonly state: 'Exited';
  readonly pid: number;
  readonly wait_status: number;
  readonly signaled: number;
  readonly exitcode: number;
}

/** `job-shell.kill`, no answer: signals the tasks of a shell. */
export interface ShellKill {
  readonly id: number | bigint;
  readonly signum: number;
}

/** `job-shell.lost`, no answer: tells the leader shell of one that it need not wait for. */
export interface ShellLost {
  readonly id: number | bigint;
  readonly shell: number;
}
