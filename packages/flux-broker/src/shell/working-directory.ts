// Where the tasks of a job run.
import { statSync } from 'node:fs';
import { FluxError } from '@ebb/flux-client';

/** The directory that the job names; where it cannot be entered, /tmp, and `log` hears why. */
export function workingDirectory(cwd: string | undefined, hostname: string, log: (text: string) => void): string {
  if (cwd === undefined) return '/tmp';
  try {
    if (statSync(cwd).isDirectory()) return cwd;
    throw new FluxError('ENOTDIR');
  } catch (error) {
    const { message } = error instanceof FluxError ? error : FluxError.of(error as NodeJS.ErrnoException);
    log(`host ${hostname}: Could not change dir to ${cwd}: ${message}. Going to /tmp instead`);
    return '/tmp';
  }
}
