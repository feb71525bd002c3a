// One task of a job: a process in a group of its own, with its standard streams and its PMI connection.
import { Duplex } from 'node:stream';
import { waitStatus } from '../rexec/wait-status.ts';
import { pmiDescriptor } from './task-environment.ts';
import { type TaskHost, taskHost } from './task-host.ts';
import type { HostReport } from './task-host-program.ts';

export interface TaskOptions {
  /** Rank of the task in its job. */
  readonly rank: number;
  /** Number of the task within its shell. */
  readonly local: number;
  readonly words: readonly string[];
  readonly cwd: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** A file as its standard input; default: what `write` passes on. */
  readonly input?: string | undefined;
}

export interface TaskEvents {
  started(): void;
  output(stream: 'stdout' | 'stderr', data: Buffer): void;
  /** The stream is closed. */
  outputEnd(stream: 'stdout' | 'stderr'): void;
  /** The process has ended; its streams may still be open elsewhere. */
  exit(status: number): void;
  /** The process has ended and its streams are closed. */
  close(status: number): void;
  /** It could not be started, or is lost. Nothing else is called then. Code: as EACCES. */
  failed(code: string): void;
}

const outputs: Readonly<Record<number, 'stdout' | 'stderr'>> = { 1: 'stdout', 2: 'stderr' };

export class Task {
  readonly rank: number;
  readonly local: number;
  readonly #events: TaskEvents;
  readonly #host: TaskHost;
  readonly #number: number;
  /** Once it runs. */
  pid: number | undefined;
  /** The shell's end of its PMI connection. */
  readonly pmi: Duplex;
  /** Signals that came before it ran. */
  #pendingSignals: number[] = [];
  #isOver = false;
  #status = 0;

  constructor({ rank, local, words, cwd, environment, input }: TaskOptions, events: TaskEvents) {
    this.rank = rank;
    this.local = local;
    this.#events = events;
    this.#host = taskHost();
    this.pmi = new Duplex({
      read() {},
      write: (data: Uint8Array, _encoding, done) => {
        this.#send(pmiDescriptor, data, false);
        done();
      },
    });
    this.#number = this.#host.start({ words, cwd, environment, input }, (report) => this.#receive(report));
  }

  /** Passes input on; after `end` there is no more. */
  write(data: Uint8Array, end: boolean): void {
    this.#send(0, data, end);
  }

  /** Stops or goes on reading its output. */
  pause(isPaused: boolean): void {
    this.#host.send({ kind: 'pause', task: this.#number, isPaused });
  }

  /** Signals its whole process group; a task that is gone is left alone. */
  kill(signum: number): void {
    if (this.pid === undefined) {
      this.#pendingSignals.push(signum);
      return;
    }
    // Children that it left behind are still in its group while they hold its output open.
    if (this.#isOver) return;
    try {
      process.kill(-this.pid, signum);
    } catch {
      // It ended in the meantime.
    }
  }

  #receive(report: HostReport): void {
    switch (report.kind) {
      case 'started':
        this.pid = report.pid;
        this.#events.started();
        for (const signum of this.#pendingSignals) this.kill(signum);
        return;
      case 'failed':
        this.#isOver = true;
        this.#events.failed(report.code);
        return;
      case 'data': {
        const stream = outputs[report.descriptor];
        // Without a copy: the message is nobody else's.
        const data = Buffer.from(report.data.buffer, report.data.byteOffset, report.data.byteLength);
        if (stream) this.#events.output(stream, data);
        else this.pmi.push(data);
        return;
      }
      case 'end': {
        const stream = outputs[report.descriptor];
        if (stream) this.#events.outputEnd(stream);
        else this.pmi.push(null);
        return;
      }
      case 'exit':
        this.#status = waitStatus(report.code, report.signal);
        this.#events.exit(this.#status);
        return;
      case 'closed':
        this.#isOver = true;
        this.pmi.destroy();
        this.#events.close(this.#status);
    }
  }

  #send(descriptor: number, data: Uint8Array, end: boolean): void {
    this.#host.send({ kind: 'write', task: this.#number, descriptor, data, end });
  }
}
