// One program that a service runs for its clients: a process group of its own, and streams by name (RFC 42).
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { FluxError } from '@ebb/flux-client';
import { LineSplitter } from '../shell/line-splitter.ts';
import { type Command, isLineBuffered } from './process-requests.ts';
import { waitStatus } from './wait-status.ts';

export interface ChildEvents {
  started(pid: number): void;
  failed(error: NodeJS.ErrnoException): void;
  output(stream: string, data: Buffer): void;
  /** The stream is closed. */
  outputEnd(stream: string): void;
  /** The program has read so many bytes of its input. */
  inputTaken(stream: string, bytes: number): void;
  exited(status: number): void;
  /** It has ended and its streams are closed. Called last, unless it could not be started. */
  closed(): void;
}

export interface ChildOptions {
  readonly command: Command;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it has an input that stays open. */
  readonly hasInput: boolean;
}

/** The first descriptor behind the standard streams. */
const firstChannel = 3;

export class Child {
  readonly command: Command;
  readonly #process: ChildProcess;
  readonly #inputs = new Map<string, NodeJS.WritableStream & Pick<Duplex, 'destroyed' | 'writableEnded'>>();
  readonly #closed = new Set<string>();
  /** Wait status, once it has ended. */
  status: number | undefined;

  constructor({ command, environment, hasInput }: ChildOptions, events: ChildEvents) {
    this.command = command;
    const channels = command.channels ?? [];
    const descriptors = Object.fromEntries(channels.map((name, index) => [name, String(firstChannel + index)]));
    this.#process = spawn(command.cmdline[0]!, command.cmdline.slice(1), {
      cwd: command.cwd,
      env: { ...environment, ...descriptors },
      detached: true,
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe', ...channels.map(() => 'pipe' as const)],
    });
    this.#process.once('spawn', () => events.started(this.pid!));
    this.#process.once('error', (error: NodeJS.ErrnoException) => {
      // After the start an error is of a failed kill, which `kill` itself reports.
      if (this.pid === undefined) events.failed(error);
    });
    if (this.pid === undefined) return;
    const { stdin, stdout, stderr } = this.#process;
    const sources: [string, Duplex | typeof stdout][] = [
      ['stdout', stdout],
      ['stderr', stderr],
    ];
    if (stdin) this.#inputs.set('stdin', stdin);
    for (const [index, name] of channels.entries()) {
      const channel = this.#process.stdio[firstChannel + index] as unknown as Duplex;
      this.#inputs.set(name, channel);
      sources.push([name, channel]);
    }
    // A program may close its input before it has read all; what is left is dropped, as with a pipe in a shell.
    for (const input of this.#inputs.values()) input.on('error', () => {});
    for (const [name, source] of sources) this.#forward(name, source!, events);
    this.#process.once('exit', (code, signal) => {
      this.status = waitStatus(code, signal);
      events.exited(this.status);
    });
    this.#process.once('close', () => events.closed());
    this.#events = events;
  }

  #events: ChildEvents | undefined;

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Streams whose end has come. */
  hasEnded(stream: string): boolean {
    return this.#closed.has(stream);
  }

  /** Passes input on; one that is closed takes nothing. */
  write(stream: string, data: Uint8Array, eof: boolean): void {
    const input = this.#inputs.get(stream);
    if (!input || input.destroyed || input.writableEnded) return;
    if (data.length > 0) input.write(data, (error) => error || this.#events?.inputTaken(stream, data.length));
    if (eof) input.end();
  }

  /** Signals the whole process group. @throws FluxError ESRCH when it is gone */
  kill(signum: number): void {
    if (this.pid === undefined || this.status !== undefined) throw new FluxError('ESRCH');
    try {
      process.kill(-this.pid, signum);
    } catch (error) {
      throw FluxError.of(error as NodeJS.ErrnoException);
    }
  }

  #forward(name: string, source: NodeJS.ReadableStream, events: ChildEvents): void {
    const splitter = new LineSplitter(!isLineBuffered(this.command, name));
    source.on('data', (data: Buffer) => {
      for (const line of splitter.push(data)) events.output(name, line);
    });
    const end = () => {
      if (this.#closed.has(name)) return;
      this.#closed.add(name);
      const rest = splitter.end();
      if (rest.length > 0) events.output(name, rest);
      events.outputEnd(name);
    };
    source.once('end', end);
    source.once('close', end);
    source.once('error', () => {});
  }
}
