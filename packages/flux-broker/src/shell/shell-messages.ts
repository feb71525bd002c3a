// What job-exec and the shells of a job say to one another: topics of the module `job-shell`. Nobody else uses them.
import type { IoObject, Jobspec, RObject } from '@ebb/flux-formats';

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

/** An end that a shell puts to the job. */
export interface ShellException {
  readonly exception: string;
  /** 0 ends the job. */
  readonly severity: number;
  readonly note: string;
  /** Wait status that the job ends with, whatever the signals that end it say. */
  readonly status?: number;
}

/** One answer of `job-shell.start`. */
export type ShellReport =
  | { readonly type: 'started' }
  | { readonly type: 'entries'; readonly entries: readonly GuestEntry[] }
  | ({ readonly type: 'exception' } & ShellException)
  /** Wait status of the whole shell. */
  | { readonly type: 'exit'; readonly status: number };

/** `job-shell.report`, no answer: what a shell tells the leader shell of its job. */
export interface LeaderReport {
  readonly id: number | bigint;
  /** Which of the job's shells, counted from 0. */
  readonly shell: number;
  /** Output of its tasks, in order. */
  readonly output?: readonly IoObject[];
  readonly log?: LogContext;
  /** Its tasks run. */
  readonly isStarted?: true;
  /** All its tasks have ended, and nothing more comes. */
  readonly isOver?: true;
  /** The first of its tasks that ended. */
  readonly taskExit?: TaskExit;
  /** All its tasks wait at PMI's barrier, having put these. */
  readonly pmi?: Readonly<Record<string, string>>;
}

/** `job-shell.tell`, no answer: what the leader shell, or job-exec, tells a shell. */
export interface ShellOrder {
  readonly id: number | bigint;
  /** Signal to all its tasks. */
  readonly signum?: number;
  /** Input to tasks. */
  readonly input?: IoObject;
  /** What all tasks of the job have put when they came to PMI's barrier. */
  readonly pmi?: Readonly<Record<string, string>>;
  /** Whether to read no output for a while. */
  readonly isPaused?: boolean;
  /** Bytes of entries that are in the KVS by now. */
  readonly written?: number;
  /** To the leader: a shell that has gone without a word, and what to say of it. */
  readonly lost?: { readonly shell: number; readonly message: string };
  /** The job's time limit, seconds since 1970. */
  readonly expiration?: number;
}

/** Context of the event `log` of an output log. */
export interface LogContext {
  readonly rank: number;
  /** Syslog severity; 0 is fatal. */
  readonly level: number;
  readonly message: string;
  readonly component?: string;
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
