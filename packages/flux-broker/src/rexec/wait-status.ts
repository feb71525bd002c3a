// Exit codes and signals as `waitpid` packs them, which is how Flux carries them.
import { constants } from 'node:os';

/** The wait status of a process that Node says exited with `code`, or died of `signal`. */
export function waitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  if (signal !== null) return constants.signals[signal];
  return ((code ?? 0) & 0xff) << 8;
}

/** The exit code that a wait status stands for in a shell: 128 and the signal for a process that was killed. */
export function waitStatusCode(status: number): number {
  const signal = status & 0x7f;
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal;
}
