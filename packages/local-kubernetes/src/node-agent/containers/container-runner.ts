// One container of a pod over all its runs: starts it, starts it again as the restart policy says, ends it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentContext } from '../agent-context.ts';
import type { Container, ContainerStatus, Probe } from '../pod-types.ts';
import type { ContainerLog } from '../processes/container-log.ts';
import { type ContainerEnd, type ContainerProcess, ContainerStartError } from '../processes/container-process.ts';
import type { ContainerPlan } from '../processes/container-script.ts';
import { ContainerConfigError } from '../references/container-config-error.ts';
import { findImage } from '../roots/image-table.ts';
import { ContainerEnding } from './container-ending.ts';
import { containerProbeTarget } from './container-probe-target.ts';
import { ContainerRun, type RunnerPod } from './container-run.ts';
import { initialStatus, setRunning, setTerminated, setWaiting } from './container-states.ts';
import { handle, type ProbeTarget } from './handler.ts';
import { runProbes } from './probe.ts';
import { backoffWords, RestartBackoff } from './restart-backoff.ts';
import { policyOf, runsAgain } from './restart-policy.ts';
import { terminationMessage } from './termination-message.ts';

/** Until what was missing is looked for again. */
const lookAgainMs = 2000;
/** A postStart hook takes as long as it takes. */
const unlimitedMs = Number.POSITIVE_INFINITY;

export interface RunHearer {
  /** It was begun: its postStart hook has run, or it could not be started. */
  begun?(): void;
  /** It has started: its postStart hook has run and its startup probe succeeded. */
  started?(): void;
}

export class ContainerRunner {
  readonly container: Container;
  readonly status: ContainerStatus;
  readonly #context: AgentContext;
  readonly #host: RunnerPod;
  #run: ContainerRun | undefined;
  #logNumber = 0;
  #isStopping = false;
  #hearer: RunHearer = {};
  #ending: ContainerEnding | undefined;
  /** When it is to have ended, in milliseconds since the epoch. */
  #stopAt = Number.POSITIVE_INFINITY;
  #wake: (() => void) | undefined;
  readonly #backoff = new RestartBackoff();

  constructor(container: Container, context: AgentContext, host: RunnerPod, before?: ContainerStatus) {
    this.container = container;
    this.#context = context;
    this.#host = host;
    this.status = before ?? initialStatus(container, 'PodInitializing');
    this.#logNumber = this.status.restartCount;
  }

  get process(): ContainerProcess | undefined {
    return this.#run?.process;
  }

  get plan(): ContainerPlan | undefined {
    return this.#run?.plan;
  }

  get log(): ContainerLog | undefined {
    return this.#run?.log;
  }

  /** @param isPrevious of the run before the one that goes on, or ended last; before the first, there is one of neither */
  logPath(isPrevious: boolean): string {
    const current = this.#logOf(this.#logNumber);
    const before = this.#logOf(this.#logNumber - 1);
    // Between two runs the last one is the previous one, too.
    if (this.status.state.waiting) return existsSync(current) ? current : before;
    return isPrevious ? before : current;
  }

  #logOf(run: number): string {
    return join(this.#host.folder, 'logs', this.container.name, `${run}.log`);
  }

  /**
   * Runs the container until it needs no more runs.
   * @returns its last exit code
   */
  async run(hearer: RunHearer = {}): Promise<number> {
    this.#hearer = hearer;
    while (!this.#isStopping) {
      const exitCode = await this.#runOnce();
      this.#hearer.begun?.();
      if (exitCode !== undefined && (this.#isStopping || !this.#runsAgain(exitCode))) return exitCode;
      await this.#backOff();
    }
    return this.status.state.terminated?.exitCode ?? 137;
  }

  /** One that was added to a running pod runs once. */
  #runsAgain(exitCode: number): boolean {
    const pod = this.#host.pod();
    const isAdded = pod.spec.ephemeralContainers?.some(({ name }) => name === this.container.name) ?? false;
    return !isAdded && runsAgain(pod, this.container, exitCode);
  }

  /** The next run is another one, with a log of its own. */
  countRestart(terminated: NonNullable<ContainerStatus['state']['terminated']>): void {
    this.status.lastState = { terminated };
    this.status.restartCount++;
    this.#logNumber++;
  }

  /**
   * Ends the container for good; a shorter grace later takes over.
   * @param turn before which it is not told to end, as long as there is time
   * @returns a promise of its end
   */
  async stop(graceMs: number, turn?: Promise<unknown>): Promise<void> {
    const isFirst = !this.#isStopping;
    this.#isStopping = true;
    this.#stopAt = Math.min(this.#stopAt, Date.now() + graceMs);
    this.#wake?.();
    const running = this.process;
    if (!running) return;
    if (isFirst && !this.#ending) this.#host.event('Normal', 'Killing', `Stopping container ${this.container.name}`);
    this.#end(running, graceMs, turn);
    await running.ended;
  }

  /** Ends this run of it. */
  #end(running: ContainerProcess, graceMs: number, turn?: Promise<unknown>): void {
    const known = this.#ending;
    const ending = known ?? new ContainerEnding(running);
    this.#ending = ending;
    ending.within(graceMs);
    if (known) return;
    const hook = this.container.lifecycle?.preStop;
    const preStop = async (): Promise<void> => {
      // A hook that is still at it when the time is over is not one that failed.
      const failure = await handle(hook!, this.#probeTarget(), graceMs + 1000);
      if (failure === undefined || ending.isTold || running.hasEnded) return;
      this.#context.log(`${this.container.name}: preStop hook: ${failure}`);
      this.#host.event('Warning', 'FailedPreStopHook', 'PreStopHook failed');
    };
    void ending.carryOut({ ...(hook ? { preStop } : {}), ...(turn ? { turn } : {}) });
  }

  /** Resolves with the exit code; undefined when what the container needs is not there yet, whatever its policy. */
  async #runOnce(): Promise<number | undefined> {
    const { container } = this;
    try {
      const image = findImage(container.image, this.#context.images);
      if (!image) {
        const message = `Container image "${container.image}" is not present with pull policy of Never`;
        this.#host.event('Warning', 'ErrImageNeverPull', message);
        this.#host.event('Warning', 'Failed', 'Error: ErrImageNeverPull');
        this.#wait('ErrImageNeverPull', message);
        return undefined;
      }
      const found = `Container image "${container.image}" already present on machine and can be accessed by the pod`;
      this.#host.event('Normal', 'Pulled', found);
      const run = new ContainerRun(container, this.#logNumber, this.#context, this.#host);
      this.#run = run;
      const running = await run.start(image);
      setRunning(this.status, container, image, time(this.#context.now()));
      this.#host.event('Normal', 'Started', `Container started`);
      this.#host.changed();
      const { exitCode } = await this.#attend(running, run);
      await run.clear();
      return exitCode;
    } catch (error) {
      await this.#run?.clear();
      if (error instanceof ContainerConfigError) {
        this.#host.event('Warning', 'Failed', `Error: ${error.message}`);
        this.#wait('CreateContainerConfigError', error.message);
        return undefined;
      }
      if (!(error instanceof ContainerStartError)) this.#context.log(`${container.name}: ${String(error)}`);
      const message = (error as Error).message;
      this.#host.event('Warning', 'Failed', `Error: ${message}`);
      this.#terminated({ exitCode: 128 }, undefined, { reason: 'StartError', message });
      return 128;
    }
  }

  /** Sees a running container to its end. */
  async #attend(running: ContainerProcess, run: ContainerRun): Promise<ContainerEnd> {
    const { container } = this;
    const probing = new AbortController();
    const startedAt = Date.now();
    this.#ending = undefined;
    // It was told to end while it started.
    if (this.#isStopping) this.#end(running, Math.max(0, this.#stopAt - Date.now()));
    const hook = container.lifecycle?.postStart;
    const target = this.#probeTarget();
    const afterHook = hook ? handle(hook, target, unlimitedMs) : Promise.resolve(undefined);
    void afterHook.then((failure) => {
      if (running.hasEnded) return;
      if (failure !== undefined && !this.#ending) {
        // What the hook said may hold secrets: kubelet does not put it into events.
        this.#context.log(`${container.name}: postStart hook: ${failure}`);
        this.#host.event('Warning', 'FailedPostStartHook', 'PostStartHook failed');
        this.#host.event('Normal', 'Killing', 'FailedPostStartHook');
        this.#end(running, this.#podGraceSeconds * 1000);
      }
      this.#hearer.begun?.();
      if (failure !== undefined) return;
      runProbes(target, this.#probeReport(running), probing.signal);
    });
    const end = await running.ended;
    probing.abort();
    this.#backoff.ran(Date.now() - startedAt);
    const started = this.status.state.running?.startedAt;
    const message = run.plan?.terminationMessage?.source;
    this.#terminated(end, started, {
      reason: run.wasOutOfMemory ? 'OOMKilled' : end.exitCode === 0 ? 'Completed' : 'Error',
      ...terminationMessage(container, end.exitCode, message, this.#logOf(this.#logNumber)),
    });
    return end;
  }

  #terminated(end: ContainerEnd, startedAt: string | undefined, why: { reason: string; message?: string }): void {
    setTerminated(this.status, end.exitCode, why, startedAt, time(this.#context.now()));
    this.#host.changed();
  }

  #wait(reason: string, message: string): void {
    setWaiting(this.status, reason, message);
    this.#host.changed();
  }

  async #backOff(): Promise<void> {
    const { terminated } = this.status.state;
    const waitMs = terminated === undefined ? lookAgainMs : this.#backoff.next();
    if (terminated) {
      this.status.lastState = { terminated };
      if (waitMs > 0) {
        const words = backoffWords(this.#host.pod(), this.container.name, waitMs);
        this.#host.event('Warning', 'BackOff', words.event);
        this.#wait('CrashLoopBackOff', words.waiting);
      }
    }
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (this.#isStopping && terminated) this.status.state = { terminated };
    if (this.#isStopping || !terminated) return;
    this.countRestart(terminated);
  }

  get #podGraceSeconds(): number {
    return this.#host.pod().spec.terminationGracePeriodSeconds ?? 30;
  }

  #probeTarget(): ProbeTarget {
    return containerProbeTarget(this, this.#host.address(), this.#context);
  }

  #probeFailure(kind: string): string {
    const { name } = this.container;
    if (this.#host.pod().spec.initContainers?.some((each) => each.name === name))
      return `Init container ${name} failed ${kind} probe`;
    const isLast = policyOf(this.#host.pod(), this.container) === 'Never';
    return `Container ${name} failed ${kind} probe${isLast ? '' : ', will be restarted'}`;
  }

  #probeReport(running: ContainerProcess) {
    return {
      ready: (isReady: boolean): void => {
        if (this.status.ready === isReady || running.hasEnded) return;
        this.status.ready = isReady;
        this.#host.changed();
      },
      started: (): void => {
        this.#hearer.started?.();
        if (this.status.started) return;
        this.status.started = true;
        this.#host.changed();
      },
      unhealthy: (kind: string, message: string): void =>
        this.#host.event('Warning', 'Unhealthy', `${kind} probe failed: ${message}`),
      dead: (kind: string, { terminationGracePeriodSeconds: own }: Probe): void => {
        if (this.#ending) return;
        this.#host.event('Normal', 'Killing', this.#probeFailure(kind));
        this.#end(running, (own ?? this.#podGraceSeconds) * 1000);
      },
    };
  }
}

const time = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
