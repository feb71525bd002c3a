// Starts a program on pipes, as container runtimes do. Those that Node makes are sockets: a program cannot open one anew
// by /dev/stdout, and bash takes one at its standard input for a login from afar and runs the user's start-up file.

import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, fchownSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onlyStreams, type Side } from '../host/inherited-descriptors.ts';

export interface ProgramOnPipes {
  readonly child: ChildProcess;
  /** What the program reads; absent when it has no input. Nobody may care whether it reads it. */
  readonly stdin: Socket | undefined;
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Resolves when the program has ended, or could not be started, and both outputs are read to their ends. */
  readonly closed: Promise<void>;
}

export interface PipeOptions extends Pick<SpawnOptions, 'cwd' | 'detached'> {
  /** Without one the program reads nothing. */
  readonly hasInput: boolean;
  /** Whose the pipes are: the user who may open /dev/stdout anew. */
  readonly owner: number;
  /** Adds a fourth stream, read at `child.stdio[3]`. */
  readonly hasReport?: boolean;
}

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
/** Pipes that are made at once: each time costs a process. */
const batch = 24;
/** Descriptors of pipes that nobody has opened an end of. */
const unused: number[] = [];

/** @throws Error where there is no mkfifo */
export function startOnPipes(program: string, words: readonly string[], options: PipeOptions): ProgramOnPipes {
  const { hasInput, owner, hasReport, ...rest } = options;
  const input = hasInput ? pipe('write', owner) : undefined;
  const output = pipe('read', owner);
  const errors = pipe('read', owner);
  const streams: Side[] = [input?.theirs ?? 'ignore', output.theirs, errors.theirs];
  if (hasReport) streams.push('pipe');
  const child = spawn(program, words, { ...rest, stdio: onlyStreams(streams) });
  for (const end of [input, output, errors]) if (end) closeSync(end.theirs);
  const stdin = input && new Socket({ fd: input.ours, readable: false, writable: true });
  // A pipe has no half that could be shut: its end is that it is closed.
  stdin?.once('finish', () => stdin.destroy()).on('error', () => {});
  const [stdout, stderr] = [output, errors].map(
    ({ ours }) => new Socket({ fd: ours, readable: true, writable: false }),
  ) as [Socket, Socket];
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  }).then(() => void stdin?.destroy());
  const closed = Promise.all([ended, ...[stdout, stderr].map(whenClosed)]).then(() => {});
  return { child, stdin, stdout, stderr, closed };
}

function whenClosed(stream: Socket): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', () => resolve()).on('error', () => {});
  });
}

/** @param we what this process does at its end. The program's end blocks, as programs expect; ours does not. */
function pipe(we: 'read' | 'write', owner: number): { ours: number; theirs: number } {
  const made = unused.pop() ?? makePipes();
  if (owner !== process.getuid?.()) fchownSync(made, owner, -1);
  const open = (flags: number) => openSync(`/proc/self/fd/${made}`, flags);
  const ours = open((we === 'read' ? O_RDONLY : O_WRONLY) | O_NONBLOCK);
  const theirs = open(we === 'read' ? O_WRONLY : O_RDONLY);
  closeSync(made);
  return { ours, theirs };
}

/** Makes more pipes, which have a name for no longer than that takes. @returns one of them */
function makePipes(): number {
  const folder = mkdtempSync(join(tmpdir(), 'ebb-pipes-'));
  try {
    const paths = Array.from({ length: batch }, (_, index) => join(folder, `${index}`));
    const { error, stderr } = spawnSync('mkfifo', ['-m', '600', ...paths], { encoding: 'utf8' });
    if (error || stderr) throw new Error(`mkfifo: ${error?.message ?? stderr}`);
    // Both ends at once: so neither waits for the other to be opened.
    unused.push(...paths.map((path) => openSync(path, O_RDWR | O_NONBLOCK)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return unused.pop()!;
}
