// The program of the task host: a small process that starts tasks for a broker. To start a process, Node copies the
// page tables of its own; for a broker with all its data that takes many times longer than the task `true`.
import type * as childProcess from 'node:child_process';
import type * as fs from 'node:fs';
import type { Duplex, Readable, Writable } from 'node:stream';

/** What the broker asks of the host. `task` is a number that the broker gives. */
export type HostRequest =
  | {
      readonly kind: 'start';
      readonly task: number;
      readonly words: readonly string[];
      readonly cwd: string | undefined;
      readonly environment: Readonly<Record<string, string>>;
      /** A file as standard input. */
      readonly input: string | undefined;
    }
  | {
      readonly kind: 'write';
      readonly task: number;
      readonly descriptor: number;
      readonly data: Uint8Array;
      readonly end: boolean;
    }
  | { readonly kind: 'pause'; readonly task: number; readonly isPaused: boolean };

/** What the host tells. */
export type HostReport =
  | { readonly kind: 'started'; readonly task: number; readonly pid: number }
  /** Nothing else is told of the task then. */
  | { readonly kind: 'failed'; readonly task: number; readonly code: string }
  | { readonly kind: 'data'; readonly task: number; readonly descriptor: number; readonly data: Uint8Array }
  | { readonly kind: 'end'; readonly task: number; readonly descriptor: number }
  | {
      readonly kind: 'exit';
      readonly task: number;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
    }
  /** The process has ended and its output is closed: the last word. */
  | { readonly kind: 'closed'; readonly task: number };

/**
 * Runs in the host's process, from its source text: it must not use anything outside itself. Descriptors 1 and 2 are
 * output, 0 is input, 3 goes both ways. When the broker is gone, all tasks are killed.
 */
export function taskHostProgram(load: (name: string) => unknown): void {
  const { spawn } = load('node:child_process') as typeof childProcess;
  const { openSync, closeSync } = load('node:fs') as typeof fs;
  const tasks = new Map<number, childProcess.ChildProcess>();
  let isFull = false;

  const pauseAll = (isPaused: boolean) => {
    for (const child of tasks.values()) {
      if (isPaused) {
        child.stdout?.pause();
        child.stderr?.pause();
      } else {
        child.stdout?.resume();
        child.stderr?.resume();
      }
    }
  };

  const tell = (report: HostReport) => {
    const isTaken = process.send!(report, undefined, {}, () => {
      if (!isFull) return;
      isFull = false;
      pauseAll(false);
    });
    // The broker reads more slowly than the tasks write.
    if (isTaken || isFull) return;
    isFull = true;
    pauseAll(true);
  };

  const start = (task: number, request: Extract<HostRequest, { kind: 'start' }>) => {
    const { words, cwd, environment, input } = request;
    let file: number | undefined;
    let child: childProcess.ChildProcess;
    try {
      file = input === undefined ? undefined : openSync(input, 'r');
      child = spawn(words[0]!, words.slice(1), {
        cwd,
        env: environment,
        detached: true,
        stdio: [file ?? 'pipe', 'pipe', 'pipe', 'pipe'],
      });
    } catch (error) {
      tell({ kind: 'failed', task, code: (error as NodeJS.ErrnoException).code ?? 'EINVAL' });
      return;
    } finally {
      if (file !== undefined) closeSync(file);
    }
    const { pid } = child;
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (pid === undefined) tell({ kind: 'failed', task, code: error.code ?? 'EIO' });
    });
    if (pid === undefined) return;
    tasks.set(task, child);
    tell({ kind: 'started', task, pid });
    const channel = child.stdio[3] as unknown as Duplex;
    for (const stream of [child.stdin, channel] as (Writable | null)[]) stream?.on('error', () => {});
    for (const [descriptor, source] of [child.stdout!, child.stderr!, channel].entries()) {
      const readable: Readable = source;
      readable.on('data', (data: Uint8Array) => tell({ kind: 'data', task, descriptor: descriptor + 1, data }));
      readable.once('end', () => tell({ kind: 'end', task, descriptor: descriptor + 1 }));
      readable.on('error', () => readable.destroy());
    }
    child.once('exit', (code, signal) => {
      tell({ kind: 'exit', task, code, signal });
      // What a task left open there would hold it back.
      channel.destroy();
    });
    child.once('close', () => {
      tasks.delete(task);
      tell({ kind: 'closed', task });
    });
  };

  process.on('message', (request: HostRequest) => {
    if (request.kind === 'start') {
      start(request.task, request);
      return;
    }
    const child = tasks.get(request.task);
    if (!child) return;
    if (request.kind === 'pause') {
      for (const stream of [child.stdout, child.stderr]) {
        if (request.isPaused) stream?.pause();
        else stream?.resume();
      }
      return;
    }
    const stream = (request.descriptor === 0 ? child.stdin : child.stdio[request.descriptor]) as Writable | null;
    if (!stream || stream.destroyed || stream.writableEnded) return;
    if (request.data.length > 0) stream.write(request.data);
    if (request.end) stream.end();
  });

  process.on('disconnect', () => {
    for (const child of tasks.values()) {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It ended in the meantime.
      }
    }
    process.exit(0);
  });
}
