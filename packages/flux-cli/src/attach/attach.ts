/**
 * Attaching to a job: its output, our input, what happens to it, and its exit status. Three eventlogs are followed: the
 * job's own, that of its execution, and that of its output.
 */

import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { cancelJob, type Flux, FluxError, killJob, watchEventlog } from '@ebb/flux-client';
import { type EventlogEntry, errnoNumber, Idset, printJson, Taskmap } from '@ebb/flux-formats';
import { CommandExit } from '../command-module.ts';
import { JobOutput } from './job-output.ts';
import { attachPty } from './pty-client.ts';
import { type ShellAddress, StandardInput } from './standard-input.ts';
import { StatusLine } from './status-line.ts';
import { jobEnd } from './wait-status.ts';

export interface AttachOptions {
  readonly labelIo?: boolean;
  readonly showEvents?: boolean;
  readonly showExec?: boolean;
  readonly showStatus?: boolean;
  /** Default: `clean`. */
  readonly waitEvent?: string;
  readonly unbuffered?: boolean;
  /** An idset; default: all. */
  readonly stdinRanks?: string;
  /** Neither input nor signals are passed on. */
  readonly readOnly?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  /** Only so many lines of the output so far. */
  readonly tail?: number;
}

/** Resolves with the exit status of the job. `jobid` is the id as the person wrote it. */
export async function attach(flux: Flux, id: bigint, jobid: string, options: AttachOptions = {}): Promise<number> {
  const attachment = new Attachment(flux, id, jobid, options);
  try {
    return await attachment.run();
  } finally {
    attachment.close();
  }
}

const forwardedSignals = ['SIGTERM', 'SIGHUP', 'SIGALRM', 'SIGUSR1', 'SIGUSR2'] as const;
const secondTimeWithinMs = 2000;
const initialSentinel = 2;
const mostQuietMs = 5000;

/** Whether after it a job prints nothing more: its end, or a failure to start its tasks. */
function endsOutput({ name, context = {} }: EventlogEntry): boolean {
  return name === 'finish' || (name === 'exception' && context['type'] === 'exec' && context['severity'] === 0);
}

/** Says something to the person as the real command does, which is `flux job` whoever called it. */
function say(text: string): void {
  process.stderr.write(`flux-job: ${text}\n`);
}

class Attachment {
  readonly #flux: Flux;
  readonly #id: bigint;
  readonly #jobid: string;
  readonly #options: AttachOptions;
  readonly #output: JobOutput;
  readonly #detach = new AbortController();
  readonly #handlers: [NodeJS.Signals, () => void][] = [];
  readonly #failed: Promise<never>;
  #fail!: (error: Error) => void;
  #statusLine: StatusLine | undefined;
  #input: StandardInput | undefined;
  #outputWatch: Promise<void> | undefined;
  #execWatch: Promise<void> | undefined;
  #start = 0;
  #exitCode = 1;
  #hasStarted = false;
  #outputEvents = 0;
  #isFinished = false;
  #isDetached = false;
  #hadFatalException = false;
  #lastInterrupt = -Infinity;

  constructor(flux: Flux, id: bigint, jobid: string, options: AttachOptions) {
    this.#flux = flux;
    this.#id = id;
    this.#jobid = jobid;
    this.#options = options;
    this.#output = new JobOutput(options);
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
  }

  async run(): Promise<number> {
    if (!this.#options.readOnly) this.#catchSignals();
    const { showStatus = false, showEvents = false } = this.#options;
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY && process.stderr.isTTY;
    if (process.env['FLUX_ATTACH_NONINTERACTIVE'] === undefined && (showStatus || (!showEvents && isTerminal))) {
      this.#statusLine = new StatusLine(this.#flux, this.#id, this.#jobid, showStatus);
    }
    await Promise.race([this.#followJob(), this.#failed]);
    await Promise.race([this.#execWatch, this.#failed]);
    await Promise.race([this.#outputWatch, this.#failed]);
    if (this.#hadFatalException && this.#exitCode === 0) return 1;
    return this.#exitCode;
  }

  close(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
    this.#statusLine?.stop();
    this.#input?.stop();
    // What is still followed ends without a word.
    this.#isDetached = true;
    this.#detach.abort();
  }

  async #followJob(): Promise<void> {
    const { waitEvent = 'clean', showEvents } = this.#options;
    try {
      for await (const event of watchEventlog(this.#flux, this.#id, { signal: this.#detach.signal })) {
        this.#start ||= event.timestamp;
        if (event.name === 'start') this.#hasStarted = true;
        if (endsOutput(event)) await this.#outputBefore();
        this.#jobEvent(event);
        if (showEvents && event.name !== 'exception') this.#printEvent('job', event);
        if (!this.#hadFatalException) this.#statusLine?.event(event);
        if (event.name === waitEvent) return;
      }
    } catch (error) {
      if (this.#isDetached) return;
      if (!(error instanceof FluxError)) throw error;
      if (error.errno === errnoNumber('ENOENT')) say(`Failed to attach to ${this.#jobid}: No such job`);
      else if (error.errno === errnoNumber('EPERM')) say(`Failed to attach to ${this.#jobid}: that is not your job`);
      else say(`flux_job_event_watch_get: ${error.message}`);
      throw new CommandExit(1);
    }
  }

  /**
   * What a job printed comes before what is said of its end, though the end may be known sooner: a short job is over
   * before its output is asked for. What keeps the logs open shall not keep the person waiting: this waits no longer than something comes.
   */
  async #outputBefore(): Promise<void> {
    if (!this.#hasStarted) return;
    let isOver = false;
    const output = async () => {
      await this.#execWatch;
      await this.#outputWatch;
    };
    const over = Promise.race([output(), this.#failed]).then(
      () => {
        isOver = true;
      },
      () => {
        isOver = true;
      },
    );
    // As long as more comes there is more to wait for.
    for (let before = -1; !isOver && before !== this.#outputEvents; ) {
      before = this.#outputEvents;
      await Promise.race([over, setTimeout(mostQuietMs, undefined, { ref: false })]);
    }
  }

  #jobEvent({ name, timestamp, context = {} }: EventlogEntry): void {
    if (name === 'exception') {
      const { type, severity, note } = context as { type: string; severity: number; note: string };
      this.#statusLine?.clear();
      const seconds = (timestamp - this.#start).toFixed(3);
      process.stderr.write(`${seconds}s: job.exception ${this.#jobid} type=${type} severity=${severity} ${note}\n`);
      if (severity !== 0) return;
      this.#hadFatalException = true;
      this.#statusLine?.stop();
      this.#input?.stop();
    } else if (name === 'submit') this.#execWatch = this.#guard(this.#followExecution());
    else if (name === 'finish') {
      const end = jobEnd(context['status'] as number);
      this.#exitCode = end.exitCode;
      if (end.text) say(end.text);
      this.#isFinished = true;
    }
  }

  async #followExecution(): Promise<void> {
    const options = { path: 'guest.exec.eventlog', signal: this.#detach.signal };
    for await (const event of watchEventlog(this.#flux, this.#id, options)) {
      if (event.name === 'shell.init') await this.#shellInit(event.context ?? {});
      else if (event.name === 'shell.start') this.#chooseInputRanks(event.context ?? {});
      else if (event.name === 'log') this.#printExecutionLog(event);
      // The shell may have failed before it told of itself.
      else if (event.name === 'complete') this.#startOutput();
      if (this.#options.showExec && event.name !== 'log') this.#printEvent('exec', event);
    }
  }

  async #shellInit(context: Record<string, unknown>): Promise<void> {
    const shell: ShellAddress = { service: context['service'] as string, leaderRank: context['leader-rank'] as number };
    const pty = context['pty'] as string | undefined;
    this.#startOutput();
    if (pty === undefined) {
      this.#startInput(shell);
      return;
    }
    if (this.#options.readOnly) {
      say('Cannot connect to pty in readonly mode');
      throw new CommandExit(1);
    }
    if (this.#isFinished) return;
    const address = { service: `${shell.service}.${pty}`, nodeid: shell.leaderRank };
    const captured = Boolean(context['capture']);
    const session = attachPty(this.#flux, address, () => {
      this.#statusLine?.end();
      this.#output.terminal = { captured };
    });
    session.then(({ attached, waitStatus }) => {
      this.#output.terminal = undefined;
      if (attached) this.#fail(new CommandExit(waitStatus === 0 ? 0 : 1));
      else if (!this.#isFinished && !this.#hadFatalException) this.#startInput(shell);
    }, this.#fail);
  }

  #startInput(shell: ShellAddress): void {
    if (this.#options.readOnly) return;
    this.#input = new StandardInput(this.#flux, shell, this.#fail);
    // Which ranks there are is known later, when the tasks are laid out.
    if ((this.#options.stdinRanks ?? 'all') === 'all') this.#input.start('all');
  }

  #chooseInputRanks(context: Record<string, unknown>): void {
    const { stdinRanks = 'all' } = this.#options;
    if (stdinRanks === 'all' || !this.#input) return;
    const all = Idset.range(0, Taskmap.parse(context['taskmap']).taskCount - 1);
    const asked = Idset.parse(stdinRanks);
    const open = asked.intersect(all);
    if (!open.equals(asked)) say(`warning: adjusting --stdin-ranks from ${stdinRanks} to ${open}`);
    this.#input.send(all.subtract(open).toString(), undefined);
    this.#input.start(open.toString());
  }

  #startOutput(): void {
    this.#outputWatch ??= this.#guard(this.#followOutput());
  }

  async #followOutput(): Promise<void> {
    const { tail } = this.#options;
    let last: EventlogEntry[] | undefined = tail === undefined ? undefined : [];
    const flush = () => {
      for (const event of last ?? []) this.#output.print(event, this.#start);
      last = undefined;
    };
    const request = { id: this.#id, path: 'guest.output', flags: tail === undefined ? 0 : initialSentinel };
    const options = { signal: this.#detach.signal };
    try {
      for await (const message of this.#flux.stream<{ event?: string } | undefined>(
        'job-info.eventlog-watch',
        request,
        options,
      )) {
        this.#outputEvents++;
        if (message?.event === undefined) {
          flush();
          continue;
        }
        for (const line of message.event.trimEnd().split('\n')) {
          const event = JSON.parse(line) as EventlogEntry;
          if (last && (event.name === 'data' || event.name === 'log')) {
            if (event.context?.['eof'] !== true) last.push(event);
            if (last.length > tail!) last.shift();
          } else this.#output.print(event, this.#start);
        }
      }
    } catch (error) {
      if (!(error instanceof FluxError) || error.errno !== errnoNumber('ENOENT')) throw error;
      say('No job output found');
    }
    flush();
  }

  #printExecutionLog({ timestamp, context = {} }: EventlogEntry): void {
    const { component, rank, stream, data } = context as Record<string, string>;
    const seconds = (timestamp - this.#start).toFixed(3);
    const head = this.#options.quiet ? '' : `${seconds}s: ${component}[${rank}]: ${stream}: `;
    process.stderr.write(`${head}${data}`);
  }

  #printEvent(prefix: string, { timestamp, name, context }: EventlogEntry): void {
    const words = context === undefined ? '' : ` ${printJson(context)}`;
    process.stderr.write(`${(timestamp - this.#start).toFixed(3)}s: ${prefix}.${name}${words}\n`);
  }

  // What a watch throws ends the whole, unless the person detached.
  #guard(watch: Promise<void>): Promise<void> {
    return watch.catch((error: Error) => {
      if (this.#isDetached) return;
      if (error instanceof FluxError) {
        say(`flux_job_event_watch_get: ${error.message}`);
        this.#fail(new CommandExit(1));
      } else this.#fail(error);
    });
  }

  #catchSignals(): void {
    const on = (signal: NodeJS.Signals, handler: () => void) => {
      process.on(signal, handler);
      this.#handlers.push([signal, handler]);
    };
    on('SIGINT', () => this.#interrupt());
    for (const signal of forwardedSignals) {
      on(signal, () => {
        killJob(this.#flux, this.#id, constants.signals[signal]).catch((error: Error) => say(`kill: ${error.message}`));
      });
    }
  }

  #interrupt(): void {
    const now = performance.now();
    if (now - this.#lastInterrupt <= secondTimeWithinMs) {
      cancelJob(this.#flux, this.#id, 'interrupted by ctrl-C').catch((error: Error) => say(`cancel: ${error.message}`));
      return;
    }
    this.#lastInterrupt = now;
    say('one more ctrl-C within 2s to cancel or ctrl-Z to detach');
    if (!this.#handlers.some(([signal]) => signal === 'SIGTSTP')) this.#catchStop();
  }

  #catchStop(): void {
    const handler = () => {
      if (performance.now() - this.#lastInterrupt <= secondTimeWithinMs) {
        this.#isDetached = true;
        say('detaching...');
        this.#detach.abort();
        return;
      }
      process.off('SIGTSTP', handler);
      this.#handlers.splice(
        this.#handlers.findIndex(([signal]) => signal === 'SIGTSTP'),
        1,
      );
      say('one more ctrl-Z to suspend');
    };
    process.on('SIGTSTP', handler);
    this.#handlers.push(['SIGTSTP', handler]);
  }
}
