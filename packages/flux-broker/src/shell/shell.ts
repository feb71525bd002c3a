// The part of a job that one rank runs: its tasks, their output and input, and their end (flux-shell(1)).
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FluxError } from '@ebb/flux-client';
import { encodeIo, type IoObject, type IoPiece, strerror } from '@ebb/flux-formats';
import { PmiServer } from '../pmi/pmi-server.ts';
import { waitStatusCode } from '../rexec/wait-status.ts';
import { Leader } from './leader.ts';
import { LineSplitter } from './line-splitter.ts';
import type { ShellJob } from './shell-job.ts';
import type { GuestEntry, LeaderReport, ShellReport } from './shell-messages.ts';
import { Task } from './task.ts';
import { shellEnvironment, taskEnvironment } from './task-environment.ts';
import { startFailureCode, taskExit } from './task-exit.ts';

/** What a shell has of the broker it runs in. */
export interface ShellHost {
  readonly hostname: string;
  readonly uri: string;
  readonly jobIdPath: string;
  /** Where the shell makes the job's directory. */
  readonly rundir: string;
  /** Answers to job-exec. */
  report(report: ShellReport): void;
  /** Tells the job's leader shell on another rank. */
  tellLeader(report: Omit<LeaderReport, 'id' | 'shell'>): void;
  /** The shell has ended and said all. */
  ended(): void;
}

type Stream = 'stdout' | 'stderr';

export class Shell {
  readonly job: ShellJob;
  readonly #host: ShellHost;
  readonly #tmpdir: string;
  /** On the first shell of the job alone. */
  readonly #leader: Leader | undefined;
  readonly #tasks: Task[] = [];
  readonly #lines = new Map<string, LineSplitter>();
  readonly #pmi: PmiServer;
  #running = 0;
  #exitCode = 0;
  #entries: GuestEntry[] = [];
  #output: IoObject[] = [];
  #isFlushing = false;

  constructor(job: ShellJob, host: ShellHost) {
    this.job = job;
    this.#host = host;
    this.#tmpdir = join(host.rundir, `jobtmp-${job.shell}-${job.name}`);
    this.#pmi = new PmiServer({ size: job.taskCount, name: job.name });
    if (job.shell === 0)
      this.#leader = new Leader(
        job,
        (entries) => this.#write(entries),
        () => this.#exit(),
      );
  }

  /** Starts the tasks. */
  run(): void {
    this.#leader?.init();
    mkdirSync(this.#tmpdir, { recursive: true, mode: 0o700 });
    const { uri, jobIdPath } = this.#host;
    const common = shellEnvironment(this.job, { uri, jobIdPath, tmpdir: this.#tmpdir });
    const cwd = this.#directory();
    const words = this.job.jobspec.tasks[0]!.command;
    for (const [local, rank] of this.job.tasks.entries()) {
      const environment = { ...common, ...taskEnvironment(this.job, rank, local) };
      const task = new Task(
        { rank, local, words, cwd, environment },
        {
          output: (_, stream, data) => this.#lineOutput(task, stream, data),
          outputEnd: (_, stream) => this.#outputEnd(task, stream),
          exit: (_, status) => this.#taskExited(task, status),
          close: () => this.#taskClosed(),
          failed: (_, error) => this.#startFailed(task, error),
        },
      );
      this.#tasks.push(task);
      this.#running += 1;
      if (task.pid !== undefined) this.#pmi.attach(task.pmi);
    }
    this.#host.report({ type: 'started' });
    if (this.#tasks.some(({ pid }) => pid === undefined)) return;
    if (this.#leader) this.#leader.started(this.job.shell);
    else this.#host.tellLeader({ isStarted: true });
    if (this.#tasks.length === 0) this.#tasksOver();
  }

  kill(signum: number): void {
    for (const task of this.#tasks) task.kill(signum);
  }

  /** Input for some or, with rank `all`, every task. */
  input({ rank, data, eof }: IoPiece): void {
    for (const task of this.#tasks) if (rank === 'all' || rank === String(task.rank)) task.write(data, eof);
  }

  /** What another shell told this one, the leader. */
  receive({ shell, output, isStarted, isOver, taskExit }: LeaderReport): void {
    const leader = this.#leader;
    if (!leader) return;
    if (output) leader.output(output as IoObject[]);
    if (isStarted) leader.started(shell);
    if (taskExit) leader.taskExit(taskExit);
    if (isOver) leader.over(shell);
  }

  /** Another shell is gone without a word. */
  lost(shell: number): void {
    this.#leader?.over(shell);
  }

  #directory(): string {
    const { cwd } = this.job.jobspec.attributes.system;
    if (cwd === undefined) return '/';
    try {
      if (statSync(cwd).isDirectory()) return cwd;
      throw new FluxError('ENOTDIR');
    } catch (error) {
      const { message } = error instanceof FluxError ? error : FluxError.of(error as NodeJS.ErrnoException);
      this.#log(3, `Could not change dir to ${cwd}: ${message}. Going to /tmp instead`);
      return '/tmp';
    }
  }

  #log(level: number, message: string): void {
    this.#leader?.log({ rank: this.job.shell, level, message });
  }

  #startFailed(task: Task, error: NodeJS.ErrnoException): void {
    const text = strerror(FluxError.of(error).errno);
    const command = this.job.jobspec.tasks[0]!.command[0];
    const note = `task ${task.rank} (host ${this.#host.hostname}): start failed: ${command}: ${text}`;
    this.#exitCode = Math.max(this.#exitCode, startFailureCode(error));
    this.#log(0, note);
    this.#host.report({ type: 'exception', exception: 'exec', severity: 0, note });
    this.#taskClosed();
  }

  #splitter(task: Task, stream: Stream): LineSplitter {
    const name = `${task.local}${stream}`;
    let splitter = this.#lines.get(name);
    if (!splitter) this.#lines.set(name, (splitter = new LineSplitter()));
    return splitter;
  }

  #lineOutput(task: Task, stream: Stream, data: Buffer): void {
    for (const line of this.#splitter(task, stream).push(data)) this.#put(encodeIo(stream, task.rank, line));
  }

  #outputEnd(task: Task, stream: Stream): void {
    const rest = this.#splitter(task, stream).end();
    if (rest.length > 0) this.#put(encodeIo(stream, task.rank, rest));
    this.#put(encodeIo(stream, task.rank, undefined, true));
  }

  #put(object: IoObject): void {
    if (this.#leader) this.#leader.output([object]);
    else {
      this.#output.push(object);
      this.#flushSoon();
    }
  }

  #taskExited(task: Task, status: number): void {
    this.#exitCode = Math.max(this.#exitCode, waitStatusCode(status));
    const context = taskExit(task, status);
    if (this.#leader) this.#leader.taskExit(context);
    else this.#host.tellLeader({ taskExit: context });
  }

  #taskClosed(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#tasksOver();
  }

  #tasksOver(): void {
    if (this.#leader) {
      this.#leader.over(this.job.shell);
      return;
    }
    this.#flush();
    this.#host.tellLeader({ isOver: true });
    this.#exit();
  }

  #exit(): void {
    this.#flush();
    rmSync(this.#tmpdir, { recursive: true, force: true });
    this.#host.report({ type: 'exit', status: this.#exitCode << 8 });
    this.#host.ended();
  }

  #write(entries: readonly GuestEntry[]): void {
    this.#entries.push(...entries);
    this.#flushSoon();
  }

  // What comes within one turn goes in one message.
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    if (this.#output.length > 0) {
      this.#host.tellLeader({ output: this.#output });
      this.#output = [];
    }
    if (this.#entries.length > 0) {
      this.#host.report({ type: 'entries', entries: this.#entries });
      this.#entries = [];
    }
  }
}
