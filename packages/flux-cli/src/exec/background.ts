/** `flux exec --bg`: processes that go on when the command has ended. */
import { type ExecCommand, execBackground, type Flux, FluxError } from '@ebb/flux-client';
import type { Idset } from '@ebb/flux-formats';

/** Prints each rank's pid as it comes; resolves with the exit status. */
export async function runInBackground(
  flux: Flux,
  ranks: Idset,
  command: ExecCommand,
  waitable: boolean,
): Promise<number> {
  let exitCode = 0;
  const start = async (rank: number) => {
    try {
      const pid = await execBackground(flux, { ...command, rank }, { waitable });
      process.stdout.write(`${rank}: ${pid}\n`);
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
      process.stderr.write(`flux-exec: Error: rank ${rank}: ${command.words[0]}: ${error.message}\n`);
      exitCode = 1;
    }
  };
  await Promise.all([...ranks].map(start));
  return exitCode;
}
