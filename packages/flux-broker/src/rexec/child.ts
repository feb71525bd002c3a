// One program that rexec runs: a process group of its own, its output answered to the request that started it.
import { type ChildProcess, spawn } from 'node:child_process';
import { FluxError, type Request } from '@ebb/flux-client';
import { decodeIo, encodeIo } from '@ebb/flux-formats';
import { waitStatus } from './wait-status.ts';

/** A command as `rexec.exec` carries it (RFC 42). */
export interface Command {
  readonly cmdline: readonly string[];
  readonly cwd?: string;
  readonly label?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Bits of the field `flags` of `rexec.exec`. */
export const ExecFlag = { stdout: 1, stderr: 2, channel: 4, writeCredit: 8, waitable: 16 } as const;

/** Bytes of standard input that a client may send ahead of what the program has read. */
const inputBuffer = 4 * 1024 * 1024;

export class Child {
  readonly command: Command;
  readonly request: Request;
  readonly #process: ChildProcess;
  readonly #rank: number;
  readonly #flags: number;

  /** Starts the program; `onGone` is called once, when it has ended and its output is closed, or could not start. */
  constructor(request: Request, command: Command, flags: number, rank: number, onGone: () => void) {
    this.request = request;
    this.command = command;
    this.#rank = rank;
    this.#flags = flags;
    const takes = (bit: number) => (request.isStreaming && flags & bit ? 'pipe' : 'ignore');
    this.#process = spawn(command.cmdline[0]!, command.cmdline.slice(1), {
      cwd: command.cwd,
      env: { ...command.env },
      detached: true,
      stdio: [request.isStreaming ? 'pipe' : 'ignore', takes(ExecFlag.stdout), takes(ExecFlag.stderr)],
    });
    this.#process.once('spawn', () => this.#started());
    this.#process.once('error', (error: NodeJS.ErrnoException) => {
      // After the start an error is of a failed kill, which `kill` itself reports.
      if (this.pid !== undefined) return;
      request.respondError(FluxError.of(error).errno);
      onGone();
    });
    this.#process.once('exit', (code, signal) => {
      if (request.isStreaming) request.respond({ type: 'finished', status: waitStatus(code, signal) });
    });
    this.#process.once('close', () => {
      if (this.pid === undefined) return;
      if (request.isStreaming) request.respondError('ENODATA');
      onGone();
    });
    // A program may close its input before it has read all; what is left is dropped, as with a pipe in a shell.
    this.#process.stdin?.on('error', () => {});
    this.#forward('stdout');
    this.#forward('stderr');
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Passes an IO object on to standard input. @throws FormatError for a bad one */
  write(io: unknown): void {
    const { data, eof } = decodeIo(io);
    const input = this.#process.stdin;
    if (!input || input.destroyed || input.writableEnded) return;
    if (data.length > 0) input.write(data, (error) => error || this.#credit(data.length));
    if (eof) input.end();
  }

  /** Signals the whole process group. @throws FluxError ESRCH when it is gone */
  kill(signum: number): void {
    if (this.pid === undefined) throw new FluxError('ESRCH');
    try {
      process.kill(-this.pid, signum);
    } catch (error) {
      throw FluxError.of(error as NodeJS.ErrnoException);
    }
  }

  #started(): void {
    this.request.respond({ type: 'started', pid: this.pid });
    if (this.request.isStreaming) this.#credit(inputBuffer);
  }

  #credit(bytes: number): void {
    if (this.#flags & ExecFlag.writeCredit) this.request.respond({ type: 'add-credit', channels: { stdin: bytes } });
  }

  #forward(name: 'stdout' | 'stderr'): void {
    const answer = (data: Buffer | undefined, eof: boolean) =>
      this.request.respond({ type: 'output', pid: this.pid, io: encodeIo(name, this.#rank, data, eof) });
    this.#process[name]?.on('data', (data: Buffer) => answer(data, false));
    this.#process[name]?.once('end', () => this.pid !== undefined && answer(undefined, true));
  }
}
