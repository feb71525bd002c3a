// How the end of tasks shows: as the exit code of their shell, and as an event.
import { waitStatusCode } from '../rexec/wait-status.ts';
import type { TaskExit } from './shell-messages.ts';

/** Context of `shell.task-exit` for a wait status. */
export function taskExit(task: { rank: number; local: number; pid?: number | undefined }, status: number): TaskExit {
  return {
    localid: task.local,
    rank: task.rank,
    state: 'Exited',
    pid: task.pid ?? 0,
    wait_status: status,
    signaled: status & 0x7f,
    exitcode: waitStatusCode(status),
  };
}

/** The exit code of a shell whose task could not be started, as of a shell that finds no command. */
export function startFailureCode(code: string): number {
  if (code === 'ENOENT') return 127;
  if (code === 'EACCES' || code === 'EPERM') return 126;
  return 1;
}
