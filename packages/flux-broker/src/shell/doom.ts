// What the end of one task means for the others: shell options `exit-timeout` and `exit-on-error` (flux-core:
// shell/doom.c). Kept by the leader shell.
import { printDuration, signalText } from '@ebb/flux-formats';
import type { ShellJob } from './shell-job.ts';
import type { ShellException, TaskExit } from './shell-messages.ts';
import type { ShellOptions } from './shell-options.ts';

export class Doom {
  readonly #job: ShellJob;
  readonly #options: ShellOptions;
  readonly #raise: (exception: ShellException) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `raise` ends the job. */
  constructor(job: ShellJob, options: ShellOptions, raise: (exception: ShellException) => void) {
    this.#job = job;
    this.#options = options;
    this.#raise = raise;
  }

  /** The first task has ended. */
  taskExited({ rank, wait_status, exitcode }: TaskExit): void {
    const host = this.#host(this.#job.taskmap.nodeOf(rank));
    this.#check(`task rank ${rank} on host ${host}`, exitcode, wait_status);
  }

  /** A shell is gone with its tasks. */
  shellLost(shell: number): void {
    this.#check(`shell rank ${shell} on host ${this.#host(shell)}`, 1, undefined);
  }

  /** All tasks have ended. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #check(who: string, exitcode: number, status: number | undefined): void {
    const { exitOnError, exitTimeoutMs } = this.#options;
    const name = this.#job.jobspec.tasks[0]!.command[0]!.split('/').at(-1);
    const how = disposition(status);
    const raise = (text: string) =>
      this.#raise({
        exception: 'exec',
        severity: 0,
        note: `${name}: ${who} ${text}`,
        ...(status === undefined ? {} : { status }),
      });
    if (exitOnError && exitcode !== 0) {
      raise(`failed${how} and exit-on-error is set`);
    } else if (exitTimeoutMs !== undefined) {
      const limit = printDuration(exitTimeoutMs / 1000);
      this.#timer ??= setTimeout(
        () => raise(`exited${how} and exit-timeout=${limit} has expired`),
        Math.min(exitTimeoutMs, 2 ** 31 - 1),
      );
    }
  }

  #host(shell: number | undefined): string {
    const rank = shell === undefined ? undefined : this.#job.ranks[shell];
    return (rank === undefined ? undefined : this.#job.allocation.host(rank)) ?? 'unknown';
  }
}

function disposition(status: number | undefined): string {
  if (status === undefined) return '';
  const signal = status & 0x7f;
  return signal === 0 ? ` (Exit ${status >> 8})` : ` (${signalText(signal)})`;
}
