// One job in execution, from the job manager's request to the release of its resources (flux-core: job-exec.c).
import { type Flux, FluxError, kvsGet } from '@ebb/flux-client';
import {
  Idset,
  type Jobspec,
  parseEventlog,
  parseJson,
  printEvent,
  printFluid,
  ResourceSet,
  unwrapSigned,
} from '@ebb/flux-formats';
import { LogLevel } from '../module.ts';
import { waitStatusCode } from '../rexec/wait-status.ts';
import { sizeOf } from '../shell/flow-control.ts';
import type { GuestEntry, ShellException } from '../shell/shell-messages.ts';
import type { ExecConfig } from './exec-config.ts';
import type { Execution, ExecutionEvents } from './execution.ts';
import { expirationOf } from './expiration.ts';
import { GuestNamespace } from './guest-namespace.ts';
import { KillSequence } from './kill-sequence.ts';
import { ShellExecution } from './shell-execution.ts';
import { SimulatedExecution, simulationOf } from './simulated-execution.ts';
import type { ManagerAnswers, StartRequest } from './start-request.ts';

export interface JobOptions {
  readonly flux: Flux;
  readonly request: StartRequest;
  readonly answers: ManagerAnswers;
  /** `content.hash` of the instance. */
  readonly hash: string;
  readonly config: ExecConfig;
  log(level: number, text: string): void;
  /** All is said to the manager. */
  ended(): void;
}

const sigalrm = 14;
const longestTimer = 2 ** 31 - 1;
/** Output beyond this is acknowledged to the shell that sent it. */
const acknowledgedCharacters = 1 << 20;

export class Job {
  readonly request: StartRequest;
  readonly #options: JobOptions;
  readonly #allocation: ResourceSet;
  readonly #guest: GuestNamespace;
  readonly #kill: KillSequence;
  readonly #acceptedAt = Date.now() / 1000;
  #execution: Execution | undefined;
  #criticalShells: Idset;
  /** An exception of severity 0 is known; no further one is reported. */
  #hasFailed = false;
  #failureStatus: number | undefined;
  #isRunning = false;
  #isFinalizing = false;
  #hasNamespace = false;
  #expiration: NodeJS.Timeout | undefined;
  #expiresAt = 0;
  /** Exceptions of shells that are yet to be told. */
  #raising: Promise<void> = Promise.resolve();
  #received = 0;
  #acknowledged = 0;

  /** @throws FormatError for an allocation that is none */
  constructor(options: JobOptions) {
    this.#options = options;
    this.request = options.request;
    this.#allocation = ResourceSet.parse(options.request.R);
    this.#criticalShells = Idset.of(Array.from({ length: this.#allocation.nodeCount }, (_, shell) => shell));
    this.#guest = new GuestNamespace(options.flux, options.request.id);
    this.#kill = new KillSequence(options.config, {
      signal: (signum) => this.#execution?.kill(signum),
      giveUp: () => void this.#giveUp(),
    });
  }

  /** Runs the job to its end. Never rejects: what goes wrong is the job's exception. */
  async run(): Promise<void> {
    const { flux, hash, request } = this.#options;
    try {
      const created = request.reattach
        ? this.#guest.recreate(request.userid)
        : this.#guest.create(request.userid, hash);
      const guest = created.then(
        () => {
          this.#hasNamespace = true;
        },
        (error: Error) => {
          throw new FluxError('EIO', `failed to create guest ns: ${error.message}`, { cause: error });
        },
      );
      if (request.reattach) {
        await guest;
        await this.#reattach();
        return;
      }
      const [signed] = await Promise.all([kvsGet(flux, `${printFluid(request.id, 'kvs')}.J`), guest]);
      this.#start(parseJson(unwrapSigned(signed.toString()).jobspecText) as Jobspec);
    } catch (error) {
      this.#fail((error as Error).message);
      await this.#finalize();
    }
  }

  /** The job manager tells of an exception of severity 0; `status` is the wait status of the task that caused it. */
  abort(status?: number): void {
    if (this.#isFinalizing) return;
    if (!this.#hasFailed && status !== undefined) this.#failureStatus = waitStatusCode(status) << 8;
    this.#hasFailed = true;
    this.#execution?.kill(this.#options.config.termSignal);
    if (this.#execution) this.#kill.start();
  }

  /** A new time limit, in seconds since 1970; 0 is none. */
  expire(expiration: number): void {
    this.#expiresAt = expiration;
    this.#execution?.tell({ expiration }, true);
    this.#setTimer();
  }

  /** Shells without which the job cannot go on. */
  set criticalShells(shells: Idset) {
    this.#criticalShells = shells;
  }

  /** Makes a simulated job begin or end. @throws FluxError EINVAL where that cannot be */
  override(event: string, status: number): void {
    const execution = this.#execution;
    if (!(execution instanceof SimulatedExecution && execution.isOverridden)) {
      throw new FluxError('EINVAL', 'Job not in exec override mode');
    }
    if (event === 'start') {
      if (this.#isRunning) throw new FluxError('EINVAL', 'Job already running');
      execution.begin();
    } else if (event === 'finish') {
      if (!this.#isRunning) throw new FluxError('EINVAL', 'Job not running');
      execution.finish(status);
    } else throw new FluxError('EINVAL', 'Invalid event');
  }

  /** As `job-exec.stats-get` shows it. */
  stats(ownerId: number): Record<string, unknown> {
    return {
      implementation: this.#execution instanceof SimulatedExecution ? 'testexec' : 'bulk-exec',
      ns: this.#guest.name,
      critical_ranks: this.#criticalShells.toString(),
      multiuser: this.request.userid === ownerId ? 0 : 1,
      has_namespace: Number(this.#hasNamespace),
      exception_in_progress: Number(this.#hasFailed),
      started: Number(this.#execution !== undefined),
      running: Number(this.#isRunning),
      finalizing: Number(this.#isFinalizing),
      expiration: this.#expiresAt,
      kill_timeout: this.#kill.killTimeout,
      kill_count: this.#kill.killCount,
      kill_shell_count: this.#kill.killShellCount,
      ...(this.#execution
        ? { total_shells: this.#allocation.nodeCount, active_shells: this.#execution.activeRanks.size }
        : {}),
    };
  }

  /** The module goes, and the job with it or without it. Resolves when its namespace can be found again. */
  async leave(): Promise<void> {
    this.#stopTimers();
    if (this.#isFinalizing || !this.#hasNamespace) return;
    try {
      await this.#guest.preserve();
    } catch (error) {
      this.#options.log(LogLevel.err, `${printFluid(this.request.id)}: ${(error as Error).message}`);
    }
  }

  #stopTimers(): void {
    clearTimeout(this.#expiration);
    this.#kill.stop();
  }

  /** Only what seemed to run can go on as if nothing had been. */
  async #reattach(): Promise<void> {
    this.#record('reattach');
    const simulation = simulationOf(this.request.jobspec);
    // As flux-core has it for shells that are children of an instance that is no more.
    if (!simulation)
      throw new FluxError('ENOSYS', 'reattach to running job is not implemented: Function not implemented');
    const key = `${printFluid(this.request.id, 'kvs')}.eventlog`;
    const eventlog = parseEventlog((await kvsGet(this.#options.flux, key)).toString());
    const startedAt = eventlog.find(({ name }) => name === 'start')?.timestamp ?? 0;
    const duration = Math.max(1e-5, startedAt + simulation.duration - Date.now() / 1000);
    const events = this.#events('reattached');
    const rest = { ...simulation, duration, isOverridden: false };
    this.#execution = new SimulatedExecution(rest, [...this.#allocation.ranks], events);
    this.#execution.start();
  }

  #start(whole: Jobspec): void {
    this.#record('init');
    const { jobspec } = this.request;
    const simulation = simulationOf(jobspec);
    if (simulation?.mockException === 'init') this.#fail('mock initialization exception generated');
    // The manager may have cancelled it by now.
    if (this.#hasFailed) {
      void this.#finalize();
      return;
    }
    this.#record('starting');
    const events = this.#events('start');
    if (simulation) this.#execution = new SimulatedExecution(simulation, [...this.#allocation.ranks], events);
    else {
      // What the manager hands out has no environment; it stands in the signed original alone.
      const environment = whole.attributes.system.environment ?? {};
      const { attributes } = jobspec;
      const complete = { ...jobspec, attributes: { ...attributes, system: { ...attributes.system, environment } } };
      const request = { ...this.request, jobspec: complete };
      const isCritical = (shell: number) => this.#criticalShells.has(shell);
      this.#execution = new ShellExecution(this.#options.flux, request, this.#allocation, events, isCritical);
    }
    this.#execution.start();
  }

  #events(begin: 'start' | 'reattached'): ExecutionEvents {
    const { answers, config } = this.#options;
    return {
      started: () => {
        const { expiration, startTime } = this.#allocation;
        this.#expiresAt = expirationOf({ expiration, startTime }, this.#acceptedAt, config.maxStartDelayPercent);
        this.#setTimer();
        this.#isRunning = true;
        answers[begin]();
      },
      entries: (entries) => this.#append(entries),
      raised: (exception) => {
        this.#raising = this.#raising.then(() => this.#raise(exception));
      },
      failed: (type, severity, note) => {
        if (severity === 0) this.#fail(note, type);
        else answers.exception(type, severity, note);
      },
      finished: (status) => void this.#raising.then(() => this.#finished(status)),
    };
  }

  #append(entries: readonly GuestEntry[]): void {
    this.#guest.append(entries);
    this.#received += sizeOf(entries);
    const received = this.#received;
    if (received - this.#acknowledged < acknowledgedCharacters) return;
    this.#acknowledged = received;
    const acknowledge = () => this.#execution?.tell({ written: received }, true);
    this.#guest.written().then(acknowledge, acknowledge);
  }

  #record(name: string, context?: Record<string, unknown>): void {
    this.#guest.append([this.#event(name, context)]);
  }

  #event(name: string, context?: Record<string, unknown>): GuestEntry {
    const event = { timestamp: Date.now() / 1000, name, ...(context ? { context } : {}) };
    return ['exec.eventlog', printEvent(event)];
  }

  /** The job's end is told when its last words can be read. */
  async #raise({ exception, severity, note, status }: ShellException): Promise<void> {
    await this.#guest.written().catch(() => {});
    this.#options.answers.exception(exception, severity, note);
    if (severity === 0 && !this.#hasFailed) this.abort(status);
  }

  #fail(note: string, type = 'exec'): void {
    if (this.#hasFailed) return;
    this.#options.log(LogLevel.info, `job-exception: id=${printFluid(this.request.id)}: ${note}`);
    this.#options.answers.exception(type, 0, note);
    this.abort();
  }

  #setTimer(): void {
    clearTimeout(this.#expiration);
    if (this.#expiresAt === 0) return;
    const left = Math.max(0, this.#expiresAt * 1000 - Date.now());
    // Timers hold 31 bits; what is further away is looked at again then.
    this.#expiration = setTimeout(
      () => (left > longestTimer ? this.#setTimer() : this.#timeout()),
      Math.min(left, longestTimer),
    );
  }

  #timeout(): void {
    this.#options.answers.exception('timeout', 0, 'resource allocation expired');
    this.#hasFailed = true;
    this.#execution?.kill(sigalrm);
    this.#kill.start();
  }

  /** Processes that cannot be ended hold their nodes; the job does not wait for them. */
  async #giveUp(): Promise<void> {
    const execution = this.#execution;
    if (!execution) return;
    const reason = `unkillable user processes for job ${printFluid(this.request.id)}`;
    const request = { targets: execution.activeRanks.toString(), reason, mode: 'update' };
    try {
      await this.#options.flux.rpc('resource.drain', request, { nodeid: 0 });
      execution.abandon();
    } catch (error) {
      this.#options.log(LogLevel.err, `resource.drain ${request.targets}: ${(error as Error).message}`);
    }
  }

  async #finished(found: number): Promise<void> {
    this.#stopTimers();
    this.#isRunning = false;
    const failure = this.#hasFailed ? (this.#failureStatus ?? (found || 1 << 8)) : undefined;
    const status = failure ?? found;
    this.#record('complete', { status });
    await this.#finalize(status);
  }

  /** `status`: with which the job finished, if it ever began. */
  async #finalize(status?: number): Promise<void> {
    if (this.#isFinalizing) return;
    this.#isFinalizing = true;
    this.#stopTimers();
    try {
      if (this.#hasNamespace) {
        await this.#guest.graft([this.#event('done')]);
      }
    } catch (error) {
      this.#options.log(LogLevel.err, `${printFluid(this.request.id)}: ${(error as Error).message}`);
    }
    // Who hears of the end finds all output; and the manager writes both events at once.
    if (status !== undefined) this.#options.answers.finish(status);
    this.#options.answers.release();
    this.#options.ended();
  }
}
