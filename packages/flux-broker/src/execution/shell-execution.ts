// Runs a job by the module `job-shell` of each of its ranks.
import { type Flux, FluxError } from '@ebb/flux-client';
import { Idset, printEvent } from '@ebb/flux-formats';
import type { ShellOrder, ShellReport } from '../shell/shell-messages.ts';
import type { Execution, ExecutionEvents } from './execution.ts';
import type { StartRequest } from './start-request.ts';

export class ShellExecution implements Execution {
  readonly #flux: Flux;
  readonly #job: StartRequest;
  readonly #ranks: readonly number[];
  readonly #events: ExecutionEvents;
  readonly #starting: Set<number>;
  readonly #active: Set<number>;
  #status = 0;

  constructor(flux: Flux, job: StartRequest, ranks: readonly number[], events: ExecutionEvents) {
    this.#flux = flux;
    this.#job = job;
    this.#ranks = ranks;
    this.#events = events;
    this.#starting = new Set(ranks);
    this.#active = new Set(ranks);
  }

  get activeRanks(): Idset {
    return Idset.of(this.#active);
  }

  start(): void {
    for (const rank of this.#ranks) void this.#run(rank);
  }

  kill(signum: number): void {
    for (const rank of this.#active) this.#tell(rank, { signum });
  }

  abandon(): void {
    if (this.#active.size === 0) return;
    this.#active.clear();
    this.#events.finished(this.#status);
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
        else if (report.type === 'exception') {
          this.#events.exception(report.exception, report.severity, report.note);
        } else status = report.status;
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
    const isGone = error instanceof FluxError && (error.code === 'EHOSTUNREACH' || error.code === 'ECONNRESET');
    if (isGone) this.#events.exception('node-fail', 0, `lost contact with job shell on broker rank ${rank}`);
    else this.#events.exception('exec', 0, `job shell exec error on broker rank ${rank}: ${error.message}`);
    // The others must not wait for its output.
    const [leader] = this.#ranks;
    if (leader !== rank) this.#tell(leader!, { lost: this.#ranks.indexOf(rank) });
  }

  #tell(rank: number, order: Omit<ShellOrder, 'id'>): void {
    this.#flux.send('job-shell.tell', { id: this.#job.id, ...order }, { nodeid: rank });
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
