// exec: joins a client's streams to a program in a container.

import { constants } from 'node:os';
import type { ContainerRunner } from './container-runner.ts';
import { execInContainer, hangUp } from './exec.ts';
import { endStatus, failureStatus, type RemoteStreams } from './remote-streams.ts';

/** Resolves when the client has been told of the end, or has gone; then the program has been hung up. */
export async function serveExec(
  runner: ContainerRunner,
  command: readonly string[],
  streams: RemoteStreams,
): Promise<void> {
  let child: ReturnType<typeof execInContainer>;
  try {
    child = execInContainer(runner, command);
  } catch (error) {
    return streams.finish(failureStatus(error));
  }
  const { stdin, stdout, stderr } = streams;
  if (stdin) stdin.pipe(child.stdin);
  else child.stdin.end();
  // A client that does not ask for an output still lets the program write it.
  if (stdout) child.stdout.pipe(stdout, { end: false });
  else child.stdout.resume();
  if (stderr) child.stderr.pipe(stderr, { end: false });
  else child.stderr.resume();
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
  let isGone = false;
  void streams.gone.then(() => {
    isGone = true;
    if (child.exitCode === null && child.signalCode === null) hangUp(child);
    // What it wrote and nobody takes would hold its pipes open.
    child.stdout.unpipe().resume();
    child.stderr.unpipe().resume();
  });
  const status = await ended.then(endStatus, failureStatus);
  if (!isGone) await streams.finish(status);
}
