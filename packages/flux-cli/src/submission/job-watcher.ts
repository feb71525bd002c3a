/** Follows jobs after their submission, for `--wait`, `--watch` and `-v`: what they print, and the worst exit status. */
import { type Flux, FluxError, watchEventlog } from '@ebb/flux-client';
import { decodeIo, type EventlogEntry, printFluid, printJson } from '@ebb/flux-formats';
import { withoutCursorCodes } from '../progress/status-bar.ts';
import type { TextSink } from './text-sink.ts';

export interface JobWatcherOptions {
  /** Until which event; `exec.NAME` for one of the execution eventlog. Undefined: to the end. */
  readonly wait?: string | undefined;
  readonly watch: boolean;
  readonly labelIo: boolean;
  readonly logEvents: boolean;
  readonly logStatus: boolean;
  /** Takes out of output what moves the cursor: something at the bottom of the terminal is not to be disturbed. */
  readonly keepsCursor: boolean;
}

export interface WatchedJob {
  readonly id: bigint;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
}

/** What a watched job went through: `submit`, `alloc`, `finish` and the like; undefined when nothing more is awaited. */
export type WatchedEvent = (id: bigint, event: EventlogEntry | undefined) => void;

const levels = ['FATAL', 'FATAL', 'FATAL', 'ERROR', ' WARN', '', 'DEBUG', 'TRACE'];

export class JobWatcher {
  readonly #flux: Flux;
  readonly #options: JobWatcherOptions;
  readonly #told: WatchedEvent;
  #start = Date.now() / 1000;
  /** The highest exit status so far. */
  exitCode = 0;

  constructor(flux: Flux, options: JobWatcherOptions, told: WatchedEvent = () => {}) {
    this.#flux = flux;
    this.#options = options;
    this.#told = told;
  }

  /** Resolves when the job has come as far as it is awaited, and all its output was printed. */
  async watch(job: WatchedJob): Promise<void> {
    const { wait, watch } = this.#options;
    const done = new AbortController();
    const seen = new Set<string>();
    let execution: Promise<void> | undefined;
    try {
      for await (const event of watchEventlog(this.#flux, job.id, { signal: done.signal })) {
        this.#told(job.id, event);
        seen.add(event.name);
        this.#start = Math.min(this.#start, event.timestamp);
        this.#log(job, event, '');
        if (event.name === 'exception') this.#exception(job, event, seen);
        else if (event.name === 'start' && (watch || wait?.startsWith('exec.'))) {
          execution = this.#watchExecution(job, () => done.abort());
          execution.catch(() => {});
        } else if (event.name === 'finish') this.#finish(job, event);
        if (wait === event.name) break;
      }
    } catch (error) {
      if (!done.signal.aborted) throw error;
    }
    await execution;
    this.#told(job.id, undefined);
  }

  async #watchExecution(job: WatchedJob, stop: () => void): Promise<void> {
    const { wait, watch } = this.#options;
    let output: Promise<void> | undefined;
    for await (const event of watchEventlog(this.#flux, job.id, { path: 'guest.exec.eventlog' })) {
      this.#log(job, event, 'exec.');
      if (watch && event.name === 'shell.init') {
        output = this.#watchOutput(job);
        output.catch(() => {});
        if (!wait?.startsWith('exec.')) break;
      }
      if (wait === `exec.${event.name}`) {
        stop();
        break;
      }
    }
    await output;
  }

  async #watchOutput(job: WatchedJob): Promise<void> {
    try {
      for await (const event of watchEventlog(this.#flux, job.id, { path: 'guest.output' })) this.#output(job, event);
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
    }
  }

  #output(job: WatchedJob, { name, context = {} }: EventlogEntry): void {
    const jobid = printFluid(job.id);
    if (name === 'log') {
      const { rank, level, component, message } = context as Record<string, string> & { level: number };
      const parts = [`flux-shell[${rank}]`, levels[level], component, message].filter(Boolean);
      job.stderr.write(`${this.#options.labelIo ? `${jobid}: ` : ''}${parts.join(': ')}\n`);
    } else if (name === 'data') {
      const { stream, rank, data: bytes } = decodeIo(context);
      const data = this.#options.keepsCursor ? Buffer.from(withoutCursorCodes(bytes.toString('utf8'))) : bytes;
      if (data.length === 0) return;
      const sink = stream === 'stdout' ? job.stdout : job.stderr;
      if (!this.#options.labelIo) sink.write(data);
      else {
        const lines = data.toString('utf8').replace(/\n$/, '').split('\n');
        sink.write(lines.map((line) => `${jobid}: ${rank}: ${line}\n`).join(''));
      }
    }
  }

  #exception(job: WatchedJob, { context = {} }: EventlogEntry, seen: ReadonlySet<string>): void {
    const { type, severity, note } = context as { type: string; severity: number; note?: string };
    if (severity !== 0) return;
    if (!seen.has('start')) this.exitCode = Math.max(this.exitCode, 1);
    job.stderr.write(`job.exception: type=${type} severity=${severity}${note ? ` ${note}` : ''}\n`);
  }

  #finish(job: WatchedJob, { timestamp, context }: EventlogEntry): void {
    const status = context!['status'] as number;
    const signal = status & 0x7f;
    this.exitCode = Math.max(this.exitCode, signal ? 128 + signal : status >> 8);
    if (this.#options.logStatus) this.#say(job, timestamp, `${status > 0 ? 'failed' : 'complete'}: status=${status}`);
  }

  #log(job: WatchedJob, event: EventlogEntry, prefix: string): void {
    if (!this.#options.logEvents) return;
    const context = event.context === undefined ? '' : printJson(event.context);
    this.#say(job, event.timestamp, `${prefix}${event.name} ${context}`);
  }

  #say(job: WatchedJob, timestamp: number, text: string): void {
    job.stderr.write(`${printFluid(job.id)}: ${(timestamp - this.#start).toFixed(3)}s: ${text}\n`);
  }
}
