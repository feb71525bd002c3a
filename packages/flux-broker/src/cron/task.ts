// One run of an entry of cron: a command that the shell of some rank executes (RFC 42).

import { constants } from 'node:os';
import { type ExecEvent, execRemote, type Flux, FluxError, type RemoteProcess } from '@ebb/flux-client';
import type { Clock, Timer } from '../clock.ts';

export interface TaskCommand {
  readonly rank: number;
  readonly command: string;
  readonly cwd: string | undefined;
  readonly environ: Record<string, string> | undefined;
  /** Seconds after which it is ended; none below 0. */
  readonly timeout: number;
}

const seconds = (clock: Clock) => clock.now() / 1000;

export class CronTask {
  readonly #clock: Clock;
  readonly #rank: number;
  readonly #created: number;
  #started: number | undefined;
  #running: number | undefined;
  #ended: number | undefined;
  #pid = 0;
  #status: number | undefined;
  #errno = 0;
  #timedOut = false;
  #process: RemoteProcess | undefined;

  constructor(clock: Clock, rank: number) {
    this.#clock = clock;
    this.#rank = rank;
    this.#created = seconds(clock);
  }

  /** How it failed, fit for a log line; undefined when it did not. */
  get failure(): string | undefined {
    if (this.#errno) return 'Rexec Failure';
    if (!this.#status) return undefined;
    const signal = this.#status & 0x7f;
    return signal ? `signal ${signal}` : `Exit ${this.#status >> 8}`;
  }

  /** Runs to the end; `output` gets each line. Never rejects. */
  async run(flux: Flux, command: TaskCommand, output: (line: string, stream: string) => void): Promise<void> {
    this.#started = seconds(this.#clock);
    let timer: Timer | undefined;
    try {
      this.#process = execRemote(flux, {
        rank: command.rank,
        words: ['sh', '-c', command.command],
        ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
        ...(command.environ ? { environment: command.environ } : {}),
      });
      for await (const event of this.#process) {
        if (event.type === 'started' && command.timeout > 0) {
          timer = this.#clock.after(command.timeout * 1000, () => {
            this.#timedOut = true;
            this.kill();
          });
        }
        this.#take(event, output);
      }
    } catch (error) {
      this.#errno = error instanceof FluxError ? error.errno : constants.errno.EIO;
    }
    timer?.cancel();
    this.#ended = seconds(this.#clock);
  }

  kill(): void {
    if (this.#running === undefined || this.#ended !== undefined) return;
    // It may be over by itself.
    this.#process?.kill(constants.signals.SIGTERM).catch(() => {});
  }

  toJSON(): object {
    const status = this.#status ?? 0;
    const code = status & 0x7f ? 128 + (status & 0x7f) : status >> 8;
    return {
      rank: this.#rank,
      pid: this.#pid,
      status,
      state: this.#state,
      'create-time': this.#created,
      ...(this.#errno ? { rexec_errno: this.#errno } : {}),
      ...(this.#timedOut ? { timedout: true } : {}),
      ...(this.#ended === undefined ? {} : { code }),
      ...(this.#started === undefined ? {} : { 'start-time': this.#started }),
      ...(this.#running === undefined ? {} : { 'running-time': this.#running }),
      ...(this.#ended === undefined ? {} : { 'end-time': this.#ended }),
    };
  }

  get #state(): string {
    if (this.#errno) return 'Rexec Failure';
    if (this.#started === undefined) return 'Deferred';
    if (this.#status === undefined) return 'Running';
    if (this.#timedOut) return 'Timeout';
    return this.#status === 0 ? 'Exited' : 'Failed';
  }

  #take(event: ExecEvent, output: (line: string, stream: string) => void): void {
    if (event.type === 'started') {
      this.#running = seconds(this.#clock);
      this.#pid = event.pid;
    } else if (event.type === 'finished') {
      this.#status = event.status;
    } else if (event.type === 'output') {
      for (const line of event.data.toString('utf8').split('\n')) if (line !== '') output(line, event.stream);
    }
  }
}
