// The part of a job that one rank runs: its tasks, their output and input, and their end (flux-shell(1)).
import { resolve } from 'node:path';
import { FluxError, type Request } from '@ebb/flux-client';
import { decodeIo, type IoObject, signalName, strerror } from '@ebb/flux-formats';
import { PmiServer } from '../pmi/pmi-server.ts';
import { waitStatusCode } from '../rexec/wait-status.ts';
import { Doom } from './doom.ts';
import { FlowControl } from './flow-control.ts';
import { checkInput, inputPath } from './input-file.ts';
import { makeJobFolder, removeJobFolder, taskWords } from './job-folder.ts';
import { Leader } from './leader.ts';
import { Outbox } from './outbox.ts';
import { type OutputConfig, outputConfig } from './output-config.ts';
import { PmiExchange } from './pmi-exchange.ts';
import type { ProcessRow } from './process-table.ts';
import type { ShellJob } from './shell-job.ts';
import type { LeaderReport, ShellException, ShellOrder, ShellReport } from './shell-messages.ts';
import { type ShellOptions, shellOptions } from './shell-options.ts';
import { ShellOutput } from './shell-output.ts';
import { ShellTerminals } from './shell-terminals.ts';
import { SignalTimer } from './signal-timer.ts';
import { Task } from './task.ts';
import { type CommandContext, commandPrefix, wrapCommand } from './task-command.ts';
import { pmiValues, shellEnvironment, taskEnvironment, taskTemplates } from './task-environment.ts';
import { startFailureCode, taskExit } from './task-exit.ts';
import { renderTemplate } from './template.ts';
import { workingDirectory } from './working-directory.ts';

/** What a shell has of the broker it runs in. */
export interface ShellHost {
  readonly hostname: string;
  readonly uri: string;
  readonly attribute: (name: string) => string | undefined;
  /** Where the shell makes the job's directory. */
  readonly rundir: string;
  readonly isOwner: boolean;
  /** Answers to job-exec. */
  report(report: ShellReport): void;
  /** Tells the job's leader shell on another rank. */
  tellLeader(report: Omit<LeaderReport, 'id' | 'shell'>): void;
  /** As the leader, tells another shell. */
  tellShell(shell: number, order: Omit<ShellOrder, 'id'>): void;
  /** Signals the whole job, as `flux job kill` does. */
  killJob(signum: number): void;
  /** The shell has ended and said all. */
  ended(): void;
}

const sigkill = 9;

type Render = (text: string) => string;

export class Shell {
  readonly job: ShellJob;
  readonly #host: ShellHost;
  readonly #options: ShellOptions;
  readonly #config: OutputConfig;
  readonly #output: ShellOutput;
  /** On the first shell of the job alone. */
  readonly #leader: Leader | undefined;
  readonly #doom: Doom | undefined;
  readonly #signal: SignalTimer | undefined;
  readonly #exchange: PmiExchange;
  readonly #pmi: PmiServer;
  readonly #flow: FlowControl;
  readonly #outbox: Outbox;
  readonly #tasks: Task[] = [];
  /** Undefined until the job's options were found to be good. */
  #terminals: ShellTerminals | undefined;
  #folder = '';
  #running = 0;
  #started = 0;
  /** The job is to end; what else goes wrong follows from that. */
  #isDying = false;
  #exitCode = 0;

  constructor(job: ShellJob, host: ShellHost) {
    this.job = job;
    this.#host = host;
    this.#options = shellOptions(job);
    const isLeader = job.shell === 0;
    const { shell } = job.jobspec.attributes.system;
    this.#config = outputConfig(shell?.options?.['output'], job.ranks.length, host.isOwner);
    this.#flow = new FlowControl((isPaused) => this.#pauseAll(isPaused));
    this.#outbox = new Outbox({
      output: (output) => host.tellLeader({ output }),
      entries: (entries) => {
        host.report({ type: 'entries', entries });
        this.#flow.sent(entries);
      },
    });
    this.#output = new ShellOutput(this.#config, isLeader, this.#sink(), (text) => this.#log(3, text));
    if (isLeader) {
      this.#leader = new Leader({
        job,
        config: this.#config,
        inputPath: inputPath(job.jobspec),
        write: (entries) => this.#outbox.addEntries(entries),
        tell: (to, order) => (to === 0 ? this.obey(order) : host.tellShell(to, order)),
        onFirstExit: (exit) => this.#doom!.taskExited(exit),
        onOver: () => this.#over(),
      });
      this.#doom = new Doom(job, this.#options, (exception) => this.#raise(exception, 'task-exit'));
      this.#signal = new SignalTimer(this.#options.signal, (signum, left) => {
        const name = signalName(signum);
        this.#log(5, `job will expire in ${left.toFixed(1)}s, sending ${name} to job`, 'signal');
        host.killJob(signum);
      });
    }
    this.#exchange = new PmiExchange((pmi) =>
      this.#leader ? this.#leader.pmi(job.shell, pmi) : host.tellLeader({ pmi }),
    );
    this.#pmi = new PmiServer({
      size: job.taskCount,
      clients: job.tasks.length,
      name: job.name,
      values: pmiValues(job, host.attribute),
      abort: (message) =>
        this.#raise({ exception: 'exec', severity: 0, note: `PMI_Abort${message === '' ? '' : `: ${message}`}` }),
      ...(job.ranks.length > 1 ? { exchange: (values) => this.#exchange.exchange(values) } : {}),
    });
  }

  /** Starts the tasks. What goes wrong is reported as the job's exception. */
  run(): void {
    this.#host.report({ type: 'started' });
    try {
      this.#folder = makeJobFolder(this.job, this.#host.rundir);
      const render = (text: string) => renderTemplate(text, { job: this.job, tmpdir: this.#folder });
      this.#terminals = new ShellTerminals(this.job, {
        output: (task, data) => this.#output.data(task, 'stdout', data),
        complete: (task) => {
          this.#output.end(task, 'stdout');
          this.#taskClosed();
        },
      });
      this.#leader?.init(this.#terminals.details, render);
      this.#signal?.expire(this.job.allocation.expiration);
      for (const text of [...this.#options.warnings, ...this.#config.warnings]) this.#log(4, text);
      this.#startTasks(render);
    } catch (error) {
      this.#die(1, (error as Error).message);
      if (this.#running === 0) this.#tasksOver();
      return;
    }
    if (this.#running > 0) return;
    if (!this.#isDying) this.#allStarted();
    this.#tasksOver();
  }

  kill(signum: number): void {
    this.#terminals?.release();
    for (const task of this.#tasks) task.kill(signum);
  }

  /** Input that came to the service of the job. @throws FluxError as `Leader.input` */
  input(io: unknown): void {
    if (!this.#leader) throw new FluxError('ENOSYS', 'standard input is taken by the first shell of a job');
    this.#leader.input(io);
  }

  /** The tasks that run here. */
  processes(rank: number): ProcessRow[] {
    const [executable] = this.job.jobspec.tasks[0]!.command;
    const { hostname } = this.#host;
    return this.#tasks.flatMap(({ rank: task, pid }) =>
      pid === undefined ? [] : [{ task, pid, rank, host: hostname, executable: executable! }],
    );
  }

  /** Serves clients of terminals. @throws FluxError ENOSYS when there is none of that name */
  terminal(request: Request): void {
    if (!this.#terminals?.serve(request)) throw new FluxError('ENOSYS', 'No such session');
  }

  /** A client of the job's service is gone. */
  disconnect(sender: string): void {
    this.#terminals?.disconnect(sender);
  }

  /** Whether somebody may still send input to the job's service. */
  get isInputOpen(): boolean {
    return this.#leader?.isInputOpen ?? false;
  }

  /** What another shell told this one, the leader. */
  receive({ shell, output, log, isStarted, isOver, taskExit, pmi }: LeaderReport): void {
    const leader = this.#leader;
    if (!leader) return;
    for (const object of output ?? []) if (!this.#output.takesFile(object)) leader.output(object);
    if (log) this.#output.log(log);
    if (isStarted) leader.started(shell);
    if (taskExit) leader.taskExit(taskExit);
    if (pmi) leader.pmi(shell, pmi);
    if (isOver) leader.over(shell);
  }

  /** What the leader or job-exec told this shell. */
  obey({ signum, input, pmi, isPaused, written, lost, expiration }: Omit<ShellOrder, 'id'>): void {
    if (signum !== undefined) this.kill(signum);
    if (input) this.#give(input);
    if (pmi) this.#exchange.complete(pmi);
    if (isPaused !== undefined) for (const task of this.#tasks) task.pause(isPaused);
    if (written !== undefined) this.#flow.written(written);
    if (expiration !== undefined) this.#signal?.expire(expiration);
    if (lost !== undefined) {
      if (lost.message !== '') this.#log(4, lost.message, 'exception');
      this.#doom?.shellLost(lost.shell);
      this.#leader?.over(lost.shell);
    }
  }

  #startTasks(render: (text: string) => string): void {
    const { hostname, uri, attribute } = this.#host;
    const { job } = this;
    const host = { hostname, uri, jobIdPath: attribute('jobid-path') ?? '/', tmpdir: this.#folder };
    const common = { ...shellEnvironment(job, host), ...taskTemplates(this.#options.environmentTemplates, render) };
    const log = (level: number, text: string) => this.#log(level, text);
    const cwd = workingDirectory(job.jobspec.attributes.system.cwd, hostname, (text) => log(3, text));
    const path = inputPath(job.jobspec);
    const input = path === undefined ? undefined : resolve(cwd, path);
    checkInput(input);
    const context = { job, options: this.#options, environment: common, cwd, log };
    const prefix = commandPrefix(context);
    const terminals = this.#terminals!;
    for (const [local, rank] of job.tasks.entries()) {
      const renderHere = (text: string) => renderTemplate(text, { job, tmpdir: this.#folder, task: { rank, local } });
      let words: readonly string[];
      try {
        words = terminals.open(rank, this.#words(rank, local, prefix, context, render), common['PATH'], cwd);
      } catch (error) {
        this.#cannotStart(rank, (error as FluxError).code);
        break;
      }
      const options = {
        rank,
        local,
        words,
        cwd,
        environment: {
          ...common,
          ...taskTemplates(this.#options.environmentTemplates, renderHere),
          ...taskEnvironment(job, rank, local, this.#options.hasPmi),
          ...(terminals.has(rank) ? { FLUX_TERMINUS_SESSION: String(rank) } : {}),
        },
        input,
      };
      this.#output.add(rank, (template) => resolve(cwd, renderHere(template)));
      const task = new Task(options, {
        started: () => this.#taskStarted(),
        output: (stream, data) => this.#output.data(rank, stream, data),
        outputEnd: (stream) => {
          // What is on a terminal ends with the terminal.
          if (stream === 'stderr' || !terminals.has(rank)) this.#output.end(rank, stream);
        },
        exit: (status) => this.#taskExited(task, status),
        close: (status) => {
          if (terminals.has(rank)) terminals.exited(rank, status);
          else this.#taskClosed();
        },
        failed: (code) => this.#startFailed(task, code),
      });
      this.#tasks.push(task);
      this.#running += 1;
      if (this.#options.hasPmi) this.#pmi.attach(task.pmi);
    }
  }

  #taskStarted(): void {
    this.#started += 1;
    if (this.#started === this.job.tasks.length) this.#allStarted();
  }

  #allStarted(): void {
    if (this.#leader) this.#leader.started(this.job.shell);
    else this.#host.tellLeader({ isStarted: true });
  }

  #words(rank: number, local: number, prefix: readonly string[], context: CommandContext, render: Render): string[] {
    const words = taskWords(this.job, rank, this.#folder, render);
    try {
      return wrapCommand(words, prefix, local, context);
    } catch {
      // The command is not there; started as it is, it fails as it should.
      return words;
    }
  }

  #give(object: IoObject): void {
    const { rank, data, eof } = decodeIo(object);
    for (const task of this.#tasks) if (rank === 'all' || rank === String(task.rank)) task.write(data, eof);
  }

  #sink() {
    return {
      data: (object: IoObject) => {
        if (this.#leader) this.#leader.output(object);
        else this.#outbox.addOutput(object);
      },
      log: (context: Parameters<Leader['log']>[0]) => {
        if (this.#leader) this.#leader.log(context);
        else this.#host.tellLeader({ log: context });
      },
    };
  }

  #log(level: number, message: string, component?: string): void {
    this.#output.log({ rank: this.job.shell, level, message, ...(component ? { component } : {}) });
  }

  #raise(exception: ShellException, component?: string): void {
    this.#log(0, exception.note, component);
    this.#outbox.flush();
    this.#host.report({ type: 'exception', ...exception });
  }

  #die(exitCode: number, note: string): void {
    this.#exitCode = Math.max(this.#exitCode, exitCode);
    if (this.#isDying) return;
    this.#isDying = true;
    this.#raise({ exception: 'exec', severity: 0, note });
    for (const task of this.#tasks) task.kill(sigkill);
  }

  #startFailed({ rank }: Task, code: string): void {
    this.#cannotStart(rank, code);
    this.#taskClosed();
  }

  #cannotStart(rank: number, code: string): void {
    const text = strerror(new FluxError(code).errno);
    const [command] = this.job.jobspec.tasks[0]!.command;
    const note = `task ${rank} (host ${this.#host.hostname}): start failed: ${command}: ${text}`;
    this.#die(startFailureCode(code), note);
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
    this.#outbox.flush();
    this.#host.tellLeader({ isOver: true });
    this.#over();
  }

  #over(): void {
    this.#doom?.stop();
    this.#signal?.stop();
    void this.#exit();
  }

  async #exit(): Promise<void> {
    await this.#output.close();
    this.#outbox.flush();
    if (this.#folder !== '') removeJobFolder(this.#folder);
    this.#host.report({ type: 'exit', status: this.#exitCode << 8 });
    this.#host.ended();
  }

  #pauseAll(isPaused: boolean): void {
    for (const shell of this.job.ranks.keys()) {
      if (shell === this.job.shell) this.obey({ isPaused });
      else this.#host.tellShell(shell, { isPaused });
    }
  }
}
