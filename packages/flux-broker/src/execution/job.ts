// One job in execution, from the job manager's request to the release of its resources (flux-core: job-exec.c).
import { type Flux, kvsGet } from '@ebb/flux-client';
import { type Jobspec, parseJson, printEvent, printFluid, unwrapSigned } from '@ebb/flux-formats';
import type { Execution, ExecutionEvents } from './execution.ts';
import { GuestNamespace } from './guest-namespace.ts';
import type { ManagerAnswers, StartRequest } from './start-request.ts';

/** Signals and times with which jobs are ended: table [exec] of the configuration. */
export interface KillPolicy {
  readonly termSignal: number;
  readonly killSignal: number;
  /** Between the first signal and the second, in milliseconds. */
  readonly killTimeoutMs: number;
}

export interface JobOptions {
  readonly flux: Flux;
  readonly request: StartRequest;
  readonly answers: ManagerAnswers;
  readonly hash: string;
  readonly policy: KillPolicy;
  execution(request: StartRequest, events: ExecutionEvents): Execution;
  log(level: number, text: string): void;
  /** All is said to the manager. */
  ended(): void;
}

const sigalrm = 14;

export class Job {
  readonly #options: JobOptions;
  readonly #guest: GuestNamespace;
  #execution: Execution | undefined;
  /** An exception of severity 0 is known; no further one is reported. */
  #hasFailed = false;
  #isFinishing = false;
  #hasNamespace = false;
  #killTimer: NodeJS.Timeout | undefined;
  #expiration: NodeJS.Timeout | undefined;

  constructor(options: JobOptions) {
    this.#options = options;
    this.#guest = new GuestNamespace(options.flux, options.request.id);
  }

  /** Runs the job to its end. Never rejects: what goes wrong is the job's exception. */
  async run(): Promise<void> {
    const { flux, request, hash } = this.#options;
    try {
      const created = this.#guest.create(request.userid, hash).then(() => {
        this.#hasNamespace = true;
      });
      const [signed] = await Promise.all([kvsGet(flux, `${printFluid(request.id, 'kvs')}.J`), created]);
      this.#start(parseJson(unwrapSigned(signed.toString()).jobspecText) as Jobspec);
    } catch (error) {
      this.#fail(`failed to initialize implementation: ${(error as Error).message}`);
      await this.#finalize();
    }
  }

  /** The job manager tells of an exception of severity 0. */
  abort(): void {
    const { policy } = this.#options;
    const isFirst = !this.#hasFailed;
    this.#hasFailed = true;
    if (!this.#execution || this.#isFinishing) return;
    this.#execution.kill(policy.termSignal);
    if (isFirst) this.#killLater();
  }

  /** A new time limit, in seconds since 1970; 0 is none. */
  expire(expiration: number): void {
    clearTimeout(this.#expiration);
    if (expiration === 0) return;
    const left = Math.max(0, expiration * 1000 - Date.now());
    // Timers hold 31 bits; what is further away is looked at again then.
    this.#expiration = setTimeout(
      () => (left > longestTimer ? this.expire(expiration) : this.#timeout()),
      Math.min(left, longestTimer),
    );
  }

  stop(): void {
    clearTimeout(this.#expiration);
    clearTimeout(this.#killTimer);
  }

  #start(whole: Jobspec): void {
    const { request, answers, execution } = this.#options;
    this.#record('init');
    if (this.#hasFailed) {
      void this.#finalize();
      return;
    }
    this.#record('starting');
    const environment = whole.attributes.system.environment ?? {};
    const { system } = request.jobspec.attributes;
    const attributes = { ...request.jobspec.attributes, system: { ...system, environment } };
    const jobspec = { ...request.jobspec, attributes };
    this.#execution = execution(
      { ...request, jobspec },
      {
        started: () => {
          this.expire(request.R.execution.expiration);
          answers.start();
        },
        entries: (entries) => this.#guest.append(entries),
        exception: (type, severity, note) => {
          if (severity === 0) this.#fail(note, type);
          else answers.exception(type, severity, note);
        },
        finished: (status) => this.#finished(status),
      },
    );
    this.#execution.start();
  }

  #record(name: string, context?: Record<string, unknown>): void {
    const event = { timestamp: Date.now() / 1000, name, ...(context ? { context } : {}) };
    this.#guest.append([['exec.eventlog', printEvent(event)]]);
  }

  #fail(note: string, type = 'exec'): void {
    if (this.#hasFailed) return;
    this.#options.answers.exception(type, 0, note);
    this.abort();
  }

  #timeout(): void {
    const { answers } = this.#options;
    answers.exception('timeout', 0, 'resource allocation expired');
    this.#hasFailed = true;
    this.#execution?.kill(sigalrm);
    this.#killLater();
  }

  #killLater(): void {
    const { policy } = this.#options;
    this.#killTimer ??= setTimeout(() => {
      this.#execution?.kill(policy.killSignal);
      this.#killTimer = undefined;
      this.#killLater();
    }, policy.killTimeoutMs);
  }

  #finished(found: number): void {
    this.stop();
    this.#isFinishing = true;
    const status = found === 0 && this.#hasFailed ? 1 << 8 : found;
    this.#record('complete', { status });
    this.#options.answers.finish(status);
    void this.#finalize();
  }

  async #finalize(): Promise<void> {
    this.#isFinishing = true;
    try {
      if (this.#hasNamespace) {
        this.#record('done');
        await this.#guest.graft();
      }
    } catch (error) {
      this.#options.log(3, `${printFluid(this.#options.request.id)}: ${(error as Error).message}`);
    }
    this.#options.answers.release();
    this.#options.ended();
  }
}

const longestTimer = 2 ** 31 - 1;
