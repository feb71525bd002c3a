// attach: joins a client's streams to the program that a container runs.

import type { ContainerRunner } from '../containers/container-runner.ts';
import { endStatus, failureStatus, type RemoteStreams } from './remote-streams.ts';

/** Resolves when the container has ended and the client been told, or the client has gone; the program runs on. */
export async function serveAttach(runner: ContainerRunner, streams: RemoteStreams): Promise<void> {
  const { process, container } = runner;
  if (!process) return streams.finish(failureStatus(`container ${container.name} is not running`));
  const { stdin, stdout, stderr } = streams;
  const stop = process.onOutput((name, chunk) => {
    // A terminal has one output, of which the client may ask for no more than that.
    const to = name === 'stderr' ? stderr : stdout;
    // The container is not held to the pace of who looks on: what does not fit is left out.
    if (to && to.writableLength < mostBehind) to.write(chunk);
  });
  const { input } = process;
  if (stdin && input) {
    stdin.pipe(input, { end: false });
    stdin.once('end', () => {
      if (container.stdinOnce) process.endInput();
    });
  } else stdin?.resume();
  streams.onResize((size) => process.terminal?.resize(size));
  const isGone = await Promise.race([streams.gone.then(() => true), process.ended.then(() => false)]);
  stop();
  stdin?.unpipe();
  if (isGone) {
    if (stdin && container.stdinOnce) process.endInput();
  } else await streams.finish(endStatus(0));
}

/** Bytes that a client may be behind. */
const mostBehind = 1 << 20;
