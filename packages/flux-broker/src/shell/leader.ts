// What the first shell of a job does for all of them: it writes the job's eventlogs (RFC 50 and RFC 24).
import { type IoObject, printEvent, type Taskmap } from '@ebb/flux-formats';
import type { ShellJob } from './shell-job.ts';
import type { GuestEntry, GuestLog, TaskExit } from './shell-messages.ts';

export interface LogContext {
  readonly rank: number;
  /** Syslog severity; 0 is fatal. */
  readonly level: number;
  readonly message: string;
  readonly component?: string;
}

export class Leader {
  readonly #job: ShellJob;
  readonly #write: (entries: GuestEntry[]) => void;
  /** Shells whose tasks do not run yet. */
  readonly #starting: Set<number>;
  /** Shells of which more may come. */
  readonly #open: Set<number>;
  readonly #onOver: () => void;
  #taskmap: Taskmap;
  #hasTaskExit = false;

  /** `onOver` is called once, when nothing more can come from any shell. */
  constructor(job: ShellJob, write: (entries: GuestEntry[]) => void, onOver: () => void) {
    this.#job = job;
    this.#write = write;
    this.#onOver = onOver;
    this.#taskmap = job.taskmap;
    this.#starting = new Set(job.ranks.keys());
    this.#open = new Set(job.ranks.keys());
  }

  /** Opens the eventlogs. `details` go with `shell.init`. */
  init(details: Readonly<Record<string, unknown>> = {}): void {
    const { service, ranks, taskCount } = this.#job;
    const header = (streams: readonly string[], count: number) => ({
      version: 1,
      encoding: Object.fromEntries(streams.map((name) => [name, 'UTF-8'])),
      count: Object.fromEntries(streams.map((name) => [name, count])),
      options: {},
    });
    this.#write([
      this.#entry('input', 'header', header(['stdin'], 1)),
      this.#entry('output', 'header', header(['stdout', 'stderr'], taskCount)),
      this.#entry('exec.eventlog', 'shell.init', { service, 'leader-rank': ranks[0], size: ranks.length, ...details }),
    ]);
  }

  started(shell: number): void {
    if (!this.#starting.delete(shell) || this.#starting.size > 0) return;
    const taskmap = { version: 1, map: this.#taskmap.toJSON() };
    this.#write([this.#entry('exec.eventlog', 'shell.start', { taskmap })]);
  }

  /** Output in the order in which it came. */
  output(objects: readonly IoObject[]): void {
    this.#write(objects.map((object) => this.#entry('output', 'data', { ...object })));
  }

  input(object: IoObject): void {
    this.#write([this.#entry('input', 'data', { ...object })]);
  }

  log(context: LogContext): void {
    this.#write([this.#entry('output', 'log', { ...context })]);
  }

  /** The first end of a task is on record, for those who wonder which one it was. */
  taskExit(context: TaskExit): void {
    if (this.#hasTaskExit) return;
    this.#hasTaskExit = true;
    this.#write([this.#entry('exec.eventlog', 'shell.task-exit', { ...context })]);
  }

  /** Nothing more comes from a shell: it has ended, or is lost. */
  over(shell: number): void {
    if (this.#open.delete(shell) && this.#open.size === 0) this.#onOver();
  }

  #entry(log: GuestLog, name: string, context: Record<string, unknown>): GuestEntry {
    return [log, printEvent({ timestamp: Date.now() / 1000, name, context })];
  }
}
