/** How far many jobs have come, as `--progress` shows it: how many were submitted, or how many are in which state. */
import type { EventlogEntry } from '@ebb/flux-formats';
import { progressEnd, progressLine } from './progress-line.ts';
import { type Screen, StatusBar } from './status-bar.ts';

type State = 'pending' | 'running' | 'complete' | 'failed';

export interface JobProgressOptions {
  /** Jobs a second instead of the time. */
  readonly jobsPerSecond: boolean;
  /** Milliseconds; default: the clock. */
  readonly now?: () => number;
}

abstract class JobProgress {
  readonly #bar: StatusBar;
  readonly #options: JobProgressOptions;
  readonly #start: number;
  readonly #now: () => number;
  #count = 0;
  #rate = 0;

  constructor(screen: Screen, options: JobProgressOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#start = this.#now();
    this.#bar = new StatusBar(screen, (columns) => this.line(columns));
  }

  protected abstract total(): number;
  protected abstract before(): string;

  start(): void {
    this.#bar.start();
  }

  stop(): void {
    this.#bar.stop();
  }

  line(columns: number): string {
    const fraction = this.total() === 0 ? 0 : this.#count / this.total();
    const rate = this.#options.jobsPerSecond ? this.#rate : undefined;
    return progressLine(
      { before: this.before(), after: progressEnd(fraction, this.#elapsed(), rate), fraction },
      columns,
    );
  }

  protected redraw(): void {
    this.#bar.draw();
  }

  /** One job is through. */
  protected advance(): void {
    this.#count++;
    this.#rate = this.#count / this.#elapsed();
    this.redraw();
  }

  #elapsed(): number {
    return (this.#now() - this.#start) / 1000;
  }
}

/** Of jobs that nobody waits for: how many were submitted. */
export class SubmissionProgress extends JobProgress {
  readonly #total: number;

  constructor(screen: Screen, total: number, options: JobProgressOptions) {
    super(screen, options);
    this.#total = total;
  }

  /** One was submitted, or could not be. */
  submitted(): void {
    this.advance();
  }

  protected override total(): number {
    return this.#total;
  }

  protected override before(): string {
    return `Submitting ${this.#total} jobs: `;
  }
}

/** Of jobs that are waited for: how many are in which state. */
export class CompletionProgress extends JobProgress {
  readonly #states = new Map<bigint, State>();
  readonly #finished = new Set<bigint>();

  add(id: bigint): void {
    this.#states.set(id, 'pending');
    this.redraw();
  }

  /** Takes an event of a job; without one, no more of them are awaited. */
  take(id: bigint, event: EventlogEntry | undefined): void {
    const state = this.#states.get(id)!;
    const context = event?.context ?? {};
    if (!event) {
      if (this.#finished.has(id)) return;
      this.#finished.add(id);
      this.advance();
      return;
    }
    if (event.name === 'alloc' && state === 'pending') this.#states.set(id, 'running');
    else if (event.name === 'exception' && context['severity'] === 0 && state === 'pending')
      this.#states.set(id, 'failed');
    else if (event.name === 'finish' && (state === 'pending' || state === 'running')) {
      this.#states.set(id, context['status'] === 0 ? 'complete' : 'failed');
    }
    this.redraw();
  }

  protected override total(): number {
    return this.#states.size;
  }

  protected override before(): string {
    const counts: Record<State, number> = { pending: 0, running: 0, complete: 0, failed: 0 };
    for (const state of this.#states.values()) counts[state]++;
    const column = (value: number) => String(value).padEnd(3);
    const { pending, running, complete, failed } = counts;
    return `PD:${column(pending)} R:${column(running)} CD:${column(complete)} F:${column(failed)} `;
  }
}
