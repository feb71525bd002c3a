// One task of a job: a process in a group of its own, with its standard streams and its PMI connection.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { waitStatus } from '../rexec/wait-status.ts';
import { pmiDescriptor } from './task-environment.ts';

export interface TaskOptions {
  /** Rank of the task in its job. */
  readonly rank: number;
  /** Number of the task within its shell. */
  readonly local: number;
  readonly words: readonly string[];
  readonly cwd: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** An open file as its standard input; default: what `write` passes on. */
  readonly input?: number | undefined;
}

export interface TaskEvents {
  output(task: Task, stream: 'stdout' | 'stderr', data: Buffer): void;
  /** The stream is closed. */
  outputEnd(task: Task, stream: 'stdout' | 'stderr'): void;
  /** The process has ended; its streams may still be open elsewhere. */
  exit(task: Task, status: number): void;
  /** The process has ended and its streams are closed. */
  close(task: Task): void;
  /** It could not be started. Nothing else is called then. */
  failed(task: Task, error: NodeJS.ErrnoException): void;
}

export class Task {
  readonly rank: number;
  readonly local: number;
  readonly #process: ChildProcess;
  #isOver = false;

  constructor({ rank, local, words, cwd, environment, input }: TaskOptions, events: TaskEvents) {
    this.rank = rank;
    this.local = local;
    this.#process = spawn(words[0]!, words.slice(1), {
      cwd,
      env: environment,
      detached: true,
      stdio: [input ?? 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.#process.once('error', (error: NodeJS.ErrnoException) => {
      if (this.pid === undefined) events.failed(this, error);
    });
    this.#process.stdin?.on('error', () => {});
    if (this.pid === undefined) return;
    for (const stream of ['stdout', 'stderr'] as const) {
      const readable: Readable = this.#process[stream]!;
      readable.on('data', (data: Buffer) => events.output(this, stream, data));
      readable.once('end', () => events.outputEnd(this, stream));
      readable.once('error', () => readable.destroy());
    }
    this.#process.once('exit', (code, signal) => {
      this.#isOver = true;
      // A connection that a program left behind would hold the task open.
      this.pmi.destroy();
      events.exit(this, waitStatus(code, signal));
    });
    this.#process.once('close', () => events.close(this));
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The shell's end of its PMI connection. */
  get pmi(): Duplex {
    return this.#process.stdio[pmiDescriptor] as unknown as Duplex;
  }

  /** Passes input on; after `end` there is no more. */
  write(data: Uint8Array, end: boolean): void {
    const input = this.#process.stdin;
    if (!input || input.destroyed || input.writableEnded) return;
    if (data.length > 0) input.write(data);
    if (end) input.end();
  }

  /** Stops or goes on reading its output. */
  pause(isPaused: boolean): void {
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      if (isPaused) stream.pause();
      else stream.resume();
    }
  }

  /** Signals its whole process group; a task that is gone is left alone. */
  kill(signum: number): void {
    if (this.pid === undefined) return;
    try {
      process.kill(-this.pid, signum);
    } catch {
      // It ended in the meantime.
    }
  }
}
