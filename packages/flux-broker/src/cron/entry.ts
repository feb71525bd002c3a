// One entry of cron: a command, what triggers it, and how its runs went.
import { type Flux, FluxError } from '@ebb/flux-client';
import type { Clock } from '../clock.ts';
import type { LogLevel } from '../module.ts';
import { CronTask } from './task.ts';
import { createTrigger, type Trigger } from './trigger.ts';

/** As `cron.create` takes them. */
export interface EntryOptions {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly command: string;
  /** Of the type. */
  readonly args: Record<string, unknown>;
  readonly environ?: Record<string, string>;
  readonly cwd?: string;
  /** Stops after so many runs; 0: never. */
  readonly repeat?: number;
  readonly rank?: number;
  readonly 'task-history-count'?: number;
  /** Stops after so many failures; 0: never. */
  readonly 'stop-on-failure'?: number;
  /** Seconds that a run may take; none below 0. */
  readonly timeout?: number;
}

/** What an entry needs of the module. */
export interface EntryHost {
  readonly flux: Flux;
  readonly clock: Clock;
  log(level: keyof typeof LogLevel, text: string): void;
  /** Runs now or at the event to which all is synchronized, then answering false. */
  defer(id: number, run: () => void): boolean;
  /** The entry is destroyed and nothing of it runs any more. */
  forget(id: number): void;
}

export class CronEntry {
  readonly id: number;
  readonly #options: EntryOptions;
  readonly #host: EntryHost;
  readonly #trigger: Trigger;
  readonly #finished: CronTask[] = [];
  #task: CronTask | undefined;
  #isStopped = true;
  #isDestroyed = false;
  readonly #stats = {
    ctime: 0,
    starttime: 0,
    lastrun: 0,
    count: 0,
    failcount: 0,
    total: 0,
    success: 0,
    failure: 0,
    deferred: 0,
  };

  /** @throws FluxError when the type or its arguments are wrong */
  constructor(options: EntryOptions, host: EntryHost) {
    this.id = options.id;
    this.#options = options;
    this.#host = host;
    this.#stats.ctime = this.#now();
    this.#trigger = createTrigger(options.type, options.args, host.flux, host.clock, {
      run: () => this.#schedule(),
      exhausted: () => this.#exhausted(),
      lastRun: () => this.#stats.lastrun,
    });
  }

  /** @throws FluxError EINVAL when it is not stopped */
  start(): void {
    if (!this.#isStopped) throw new FluxError('EINVAL');
    this.#isStopped = false;
    Object.assign(this.#stats, { starttime: this.#now(), count: 0, failcount: 0 });
    this.#trigger.start();
  }

  /** Runs no more until it is started; what runs goes on. @throws FluxError EINVAL when it is stopped */
  stop(): void {
    if (this.#isStopped) throw new FluxError('EINVAL');
    this.#halt();
  }

  /** Ends the entry, once what runs is over; `kill` ends that too. */
  destroy(kill: boolean): void {
    this.#halt();
    this.#isDestroyed = true;
    if (!this.#task) this.#host.forget(this.id);
    else if (kill) this.#task.kill();
  }

  print(): object {
    const { id, name, command, type, rank = 0, repeat = 0, timeout = -1 } = this.#options;
    return {
      id,
      rank,
      name,
      command,
      repeat,
      stopped: this.#isStopped,
      type,
      ...(timeout >= 0 ? { timeout } : {}),
      stats: this.#stats,
      typedata: this.#trigger.print(),
      tasks: [...(this.#task ? [this.#task] : []), ...this.#finished].map((task) => task.toJSON()),
    };
  }

  #schedule(): void {
    const { name, repeat = 0, rank = 0 } = this.#options;
    if (this.#task) {
      this.#host.log('info', `cron-${this.id}: ${name}: task still running or scheduled`);
      return;
    }
    const task = new CronTask(this.#host.clock, rank);
    this.#task = task;
    this.#stats.total++;
    if (++this.#stats.count === repeat) this.#halt();
    if (!this.#host.defer(this.id, () => void this.#run(task))) this.#stats.deferred++;
  }

  async #run(task: CronTask): Promise<void> {
    const { name, command, cwd, environ, rank = 0, timeout = -1 } = this.#options;
    this.#stats.lastrun = this.#now();
    await task.run(this.#host.flux, { rank, command, cwd, environ, timeout }, (line, stream) => {
      const level = stream === 'stderr' ? 'err' : 'info';
      this.#host.log(level, `cron-${this.id}[${name}]: rank=${rank}: command="${command}": "${line}"`);
    });
    this.#over(task);
  }

  #over(task: CronTask): void {
    const { command, 'task-history-count': history = 1, 'stop-on-failure': limit = 0 } = this.#options;
    this.#task = undefined;
    this.#finished.unshift(task);
    this.#finished.splice(Math.max(history, 0));
    const { failure } = task;
    if (failure === undefined) {
      this.#stats.success++;
    } else {
      const rexec = failure === 'Rexec Failure';
      const text = rexec ? `failure running ${command}` : `"${command}": Failed: ${failure}`;
      this.#host.log('err', `cron-${this.id}: ${text}`);
      this.#stats.failure++;
      this.#stats.failcount++;
      if (limit && this.#stats.failcount >= limit) {
        this.#host.log('err', `cron-${this.id}: exceeded failure limit of ${limit}. stopping`);
        this.#halt();
      }
    }
    if (this.#isDestroyed) this.#host.forget(this.id);
  }

  // A date that came is over; with an entry that is to run once this is no surprise.
  #exhausted(): void {
    const { repeat = 0 } = this.#options;
    if (repeat === 0 || repeat < this.#stats.count + 1) {
      this.#host.log('err', `cron-${this.id}: Unable to get next wakeup. Stopping.`);
    }
    this.#halt();
  }

  #halt(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#trigger.stop();
  }

  #now(): number {
    return this.#host.clock.now() / 1000;
  }
}
