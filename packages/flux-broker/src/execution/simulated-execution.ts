// Jobs that only seem to run, for tests of scheduling: attribute `system.exec.test` (flux-core: job-exec/testexec.c).
import { Idset, type Jobspec, parseDuration, printEvent } from '@ebb/flux-formats';
import type { Execution, ExecutionEvents } from './execution.ts';

export interface Simulation {
  /** Seconds; 0 or less: the job has no end of its own. */
  readonly duration: number;
  /** Wait status at the end. */
  readonly status: number;
  readonly mockException: 'init' | 'run' | string | undefined;
  /** Begins and ends when `job-exec.override` says so. */
  readonly isOverridden: boolean;
}

/** How a job is to be simulated; undefined for one that is to run. @throws FormatError for a bad duration */
export function simulationOf(jobspec: Jobspec): Simulation | undefined {
  const { duration, exec } = jobspec.attributes.system as { duration?: number; exec?: { test?: object } };
  const test = exec?.test as
    | { run_duration?: string; wait_status?: number; mock_exception?: string; override?: number }
    | undefined;
  if (!test) return undefined;
  return {
    // Without any duration the job is over almost at once.
    duration: test.run_duration === undefined ? (duration ?? 1e-5) : parseDuration(test.run_duration),
    status: test.wait_status ?? 0,
    mockException: test.mock_exception,
    isOverridden: Boolean(test.override),
  };
}

export class SimulatedExecution implements Execution {
  readonly #simulation: Simulation;
  readonly #ranks: Idset;
  readonly #events: ExecutionEvents;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(simulation: Simulation, ranks: readonly number[], events: ExecutionEvents) {
    this.#simulation = simulation;
    this.#ranks = Idset.of(ranks);
    this.#events = events;
  }

  get isOverridden(): boolean {
    return this.#simulation.isOverridden;
  }

  get activeRanks(): Idset {
    return this.#isOver ? Idset.empty : this.#ranks;
  }

  start(): void {
    const { mockException, isOverridden } = this.#simulation;
    if (!isOverridden) this.begin();
    if (mockException === 'run') this.#events.failed('exec', 0, 'mock run exception generated');
  }

  kill(signum: number): void {
    this.finish(signum);
  }

  abandon(): void {
    this.finish(1);
  }

  tell(): void {}

  /** The job seems to have started. */
  begin(): void {
    const { duration, status } = this.#simulation;
    if (duration > 0) this.#timer = setTimeout(() => this.finish(status), Math.min(duration * 1000, 2 ** 31 - 1));
    this.#events.started();
    const event = printEvent({ timestamp: Date.now() / 1000, name: 'recoverable' });
    this.#events.entries([['exec.eventlog', event]]);
  }

  /** The job seems to have ended. */
  finish(status: number): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.finished(status);
  }
}
