// Runs a job by the module `job-shell` of each of its ranks (flux-core: job-exec/bulkexec.c).
import { type Flux, FluxError } from '@ebb/flux-client';
import { Idset, printEvent, type ResourceSet } from '@ebb/flux-formats';
import type { ShellOrder, ShellReport } from '../shell/shell-messages.ts';
import type { Execution, ExecutionEvents } from './execution.ts';
import type { StartRequest } from './start-request.ts';

/** Errors by which a rank shows that it is gone. */
const gone = new Set(['EHOSTUNREACH', 'ECONNRESET']);

export class ShellExecution implements Execution {
  readonly #flux: Flux;
  readonly #job: StartRequest;
  readonly #allocation: ResourceSet;
  readonly #ranks: readonly number[];
  readonly #events: ExecutionEvents;
  /** Whether a job cannot go on without one of its shells. */
  readonly #isCritical: (shell: number) => boolean;
  readonly #starting: Set<number>;
  readonly #active: Set<number>;
  #status = 0;

  constructor(
    flux: Flux,
    job: StartRequest,
    allocation: ResourceSet,
    events: ExecutionEvents,
    isCritical: (shell: number) => boolean,
  ) {
    this.#flux = flux;
    this.#job = job;
    this.#allocation = allocation;
    this.#ranks = [...allocation.ranks];
    this.#events = events;
    this.#isCritical = isCritical;
    this.#starting = new Set(this.#ranks);
    this.#active = new Set(this.#ranks);
  }

  get activeRanks(): Idset {
    return Idset.of(this.#active);
  }

  start(): void {
    for (const rank of this.#ranks) void this.#run(rank);
  }

  kill(signum: number): void {
    this.tell({ signum });
  }

  tell(order: Omit<ShellOrder, 'id'>, isForLeader = false): void {
    const ranks = isForLeader ? this.#ranks.slice(0, 1) : this.#ranks;
    for (const rank of ranks) {
      if (!this.#active.has(rank)) continue;
      this.#flux.send('job-shell.tell', { id: this.#job.id, ...order }, { nodeid: rank });
    }
  }

  abandon(): void {
    if (this.#active.size === 0) return;
    this.#active.clear();
    this.#events.finished(Math.max(this.#status, 1));
  }

  async #run(rank: number): Promise<void> {
    const { id, userid, jobspec, R } = this.#job;
    let status: number | undefined;
    try {
      const reports = this.#flux.stream<ShellReport>('job-shell.start', { id, userid, jobspec, R }, { nodeid: rank });
      for await (const report of reports) {
        if (!this.#active.has(rank)) return;
        if (report.type === 'started') this.#started(rank);
        else if (report.type === 'entries') this.#events.entries(report.entries);
        else if (report.type === 'exception') this.#events.raised(report);
        else status = report.status;
      }
    } catch (error) {
      if (!this.#active.has(rank)) return;
      this.#lost(rank, error as Error);
    }
    this.#over(rank, status ?? 1 << 8);
  }

  #started(rank: number): void {
    if (this.#starting.delete(rank) && this.#starting.size === 0) this.#events.started();
  }

  #lost(rank: number, error: Error): void {
    const shell = this.#ranks.indexOf(rank);
    const host = this.#allocation.host(rank) ?? '(unknown)';
    const isGone = error instanceof FluxError && gone.has(error.code);
    const failure = `node failure on ${host} (shell rank ${shell})`;
    if (isGone && !this.#isCritical(shell)) this.#events.failed('node-failure', 2, failure);
    else if (isGone) this.#events.failed('exec', 0, `node failure on ${host} (rank ${rank})`);
    else this.#events.failed('exec', 0, `job shell exec error on broker ${host} (rank ${rank}): ${error.message}`);
    // The leader must not wait for its output, and says what an exception has not said in these words.
    if (shell !== 0) this.tell({ lost: { shell, message: isGone && this.#isCritical(shell) ? failure : '' } }, true);
    // A job of which a rank never started has begun all the same: its end is on its way.
    this.#started(rank);
  }

  #over(rank: number, status: number): void {
    this.#status = Math.max(this.#status, status);
    this.#active.delete(rank);
    if (rank === this.#ranks[0]) {
      const context = {
        rank,
        wait_status: status,
        ...(this.#active.size > 0 ? { active_ranks: this.activeRanks.toString() } : {}),
      };
      const event = printEvent({ timestamp: Date.now() / 1000, name: 'shell-exit', context });
      this.#events.entries([['exec.eventlog', event]]);
    }
    if (this.#active.size === 0) this.#events.finished(this.#status);
  }
}
