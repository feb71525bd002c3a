// exec: joins a client's streams to a program in a container.

import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { ContainerRunner } from '../containers/container-runner.ts';
import { execInContainer, execOnTerminal, hangUp } from '../processes/exec.ts';
import { endStatus, failureStatus, type RemoteStreams } from './remote-streams.ts';

/** How long the last words of a terminal may take. */
const drainMs = 500;

/** Resolves when the client has been told of the end, or has gone; then the program has been hung up. */
export async function serveExec(
  runner: ContainerRunner,
  command: readonly string[],
  hasTerminal: boolean,
  streams: RemoteStreams,
): Promise<void> {
  let isGone = false;
  void streams.gone.then(() => {
    isGone = true;
  });
  const run = hasTerminal ? runOnTerminal : runOnPipes;
  // The client may only be told when its streams hold all that the program wrote.
  const status = await run(runner, command, streams).then(endStatus, failureStatus);
  if (!isGone) await streams.finish(status);
}

/** Resolves with the exit code when the program has ended and its output is read. */
async function runOnPipes(runner: ContainerRunner, command: readonly string[], streams: RemoteStreams) {
  const { stdin, stdout, stderr } = streams;
  const program = execInContainer(runner, command, stdin !== undefined);
  const exitCode = exitCodeOf(program.child);
  if (stdin && program.stdin) stdin.pipe(program.stdin);
  // A client that does not ask for an output still lets the program write it.
  if (stdout) program.stdout.pipe(stdout, { end: false });
  else program.stdout.resume();
  if (stderr) program.stderr.pipe(stderr, { end: false });
  else program.stderr.resume();
  void streams.gone.then(() => {
    hangUp(program.child);
    // What it wrote and nobody takes would hold its pipes open.
    program.stdout.unpipe().resume();
    program.stderr.unpipe().resume();
  });
  const code = await exitCode;
  await program.closed;
  return code;
}

async function runOnTerminal(runner: ContainerRunner, command: readonly string[], streams: RemoteStreams) {
  const { child, terminal } = execOnTerminal(runner, command);
  const { stdin, stdout } = streams;
  const drained = new Promise<void>((resolve) => {
    terminal.stream.once('close', resolve);
  });
  stdin?.pipe(terminal.stream, { end: false });
  if (stdout) terminal.stream.pipe(stdout, { end: false });
  else terminal.stream.resume();
  streams.onResize((size) => terminal.resize(size));
  void streams.gone.then(() => hangUp(child, terminal));
  const exitCode = await exitCodeOf(child);
  // What the program left in the background may keep the terminal open.
  const timer = setTimeout(() => terminal.close(), drainMs);
  await drained;
  clearTimeout(timer);
  return exitCode;
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code: number | null, signal: NodeJS.Signals | null) =>
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)),
    );
  });
}
