/** The end of a job in words and as an exit status. */
import { signalText } from '@ebb/flux-formats';

export interface JobEnd {
  readonly exitCode: number;
  /** Undefined when the job ended well. */
  readonly text: string | undefined;
}

/** Of a wait status as of `waitpid`. Over 128 the exit code of the job is that of a signal that ended tasks. */
export function jobEnd(waitStatus: number): JobEnd {
  const signal = waitStatus & 0x7f;
  if (signal !== 0) return { exitCode: 128 + signal, text: `job shell ${signalText(signal)}` };
  const exitCode = (waitStatus >> 8) & 0xff;
  if (exitCode > 128) return { exitCode, text: `task(s) ${signalText(exitCode - 128)}` };
  return { exitCode, text: exitCode > 0 ? `task(s) exited with exit code ${exitCode}` : undefined };
}
