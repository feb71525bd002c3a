// The output of one shell's tasks on its way to the KVS or into files.
import type { WriteStream } from 'node:fs';
import { encodeIo, type IoObject } from '@ebb/flux-formats';
import { LineSplitter } from './line-splitter.ts';
import { type OutputConfig, type Stream, streams } from './output-config.ts';
import { OutputFiles } from './output-file.ts';
import type { LogContext } from './shell-messages.ts';

export interface OutputSink {
  /** Towards the KVS, or to the leader and what it has for a place. */
  data(object: IoObject): void;
  log(context: LogContext): void;
}

interface Target {
  readonly splitter: LineSplitter;
  readonly label: boolean;
  /** Undefined: to the sink. */
  readonly file: WriteStream | undefined;
}

const levels = ['FATAL', 'FATAL', 'FATAL', 'ERROR', ' WARN', undefined, 'DEBUG', 'TRACE'];

export class ShellOutput {
  readonly #config: OutputConfig;
  readonly #isLeader: boolean;
  readonly #sink: OutputSink;
  readonly #files: OutputFiles;
  readonly #targets = new Map<number, Record<Stream, Target>>();
  /** Files of the whole shell: for what other shells send, and for log lines. */
  readonly #shared: Partial<Record<Stream, WriteStream>> = {};

  constructor(config: OutputConfig, isLeader: boolean, sink: OutputSink, onError: (text: string) => void) {
    this.#config = config;
    this.#isLeader = isLeader;
    this.#sink = sink;
    this.#files = new OutputFiles(config.mode, onError);
  }

  /** Opens what a task, by its rank, writes to. `render` fills in paths. @throws FluxError when a file cannot be opened */
  add(task: number, render: (template: string) => string): void {
    const target = (stream: Stream): Target => {
      const { template, label, isUnbuffered, isPerShell } = this.#config[stream];
      const isHere = template !== undefined && (this.#isLeader || isPerShell);
      const file = isHere ? this.#files.open(render(template)) : undefined;
      if (file) this.#shared[stream] ??= file;
      return { splitter: new LineSplitter(isUnbuffered), label, file };
    };
    this.#targets.set(task, { stdout: target('stdout'), stderr: target('stderr') });
  }

  data(task: number, stream: Stream, bytes: Buffer): void {
    const target = this.#targets.get(task)![stream];
    for (const line of target.splitter.push(bytes)) this.#put(target, task, stream, line);
  }

  end(task: number, stream: Stream): void {
    const target = this.#targets.get(task)![stream];
    const rest = target.splitter.end();
    if (rest.length > 0) this.#put(target, task, stream, rest);
    if (!target.file) this.#sink.data(encodeIo(stream, task, undefined, true));
  }

  /** What another shell sent. False: it goes to the KVS. */
  takesFile(object: IoObject): boolean {
    const stream = streams.find((name) => name === object.stream);
    const file = stream && this.#shared[stream];
    if (!file) return false;
    const { data = '', encoding, rank } = object;
    if (data !== '') write(file, this.#config[stream].label, rank, Buffer.from(data, encoding ?? 'utf8'));
    return true;
  }

  log(context: LogContext): void {
    const file = this.#shared.stderr;
    if (!file) {
      this.#sink.log(context);
      return;
    }
    const { rank, level, component, message } = context;
    const words = [`flux-shell[${rank}]`, levels[level], component, message].filter((word) => word !== undefined);
    file.write(`${words.join(': ')}\n`);
  }

  /** Resolves when all files are written. */
  close(): Promise<void> {
    return this.#files.close();
  }

  #put({ file, label }: Target, task: number, stream: Stream, bytes: Buffer): void {
    if (file) write(file, label, String(task), bytes);
    else this.#sink.data(encodeIo(stream, task, bytes));
  }
}

function write(file: WriteStream, label: boolean, rank: string, bytes: Buffer): void {
  file.write(label ? Buffer.concat([Buffer.from(`${rank}: `), bytes]) : bytes);
}
