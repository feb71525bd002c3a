// What the first shell of a job does for all of them: it writes the job's eventlogs (RFC 50 and RFC 24), gives input
// out, and keeps the tasks' ends together.
import { FluxError } from '@ebb/flux-client';
import { decodeIo, Idset, type IoObject, printEvent } from '@ebb/flux-formats';
import { type OutputConfig, streams } from './output-config.ts';
import { OutputLimit } from './output-limit.ts';
import { PmiGathering } from './pmi-exchange.ts';
import type { ShellJob } from './shell-job.ts';
import type { GuestEntry, GuestLog, LogContext, ShellOrder, TaskExit } from './shell-messages.ts';

export interface LeaderOptions {
  readonly job: ShellJob;
  readonly config: OutputConfig;
  /** A file that takes the place of the service as standard input. */
  readonly inputPath: string | undefined;
  write(entries: GuestEntry[]): void;
  /** Tells a shell, this one too. */
  tell(shell: number, order: Omit<ShellOrder, 'id'>): void;
  /** The first task has ended, or a shell is lost. */
  onFirstExit(exit: TaskExit): void;
  /** All tasks have ended. */
  onOver(): void;
}

export class Leader {
  readonly #options: LeaderOptions;
  readonly #limit: OutputLimit;
  readonly #pmi: PmiGathering;
  /** Shells whose tasks do not run yet. */
  readonly #starting: Set<number>;
  /** Shells of which more may come. */
  readonly #open: Set<number>;
  /** Tasks whose input has not ended. */
  #inputOpen: Idset;
  /** Input that waits for all shells to run. */
  #inputQueue: IoObject[] = [];
  #hasTaskExit = false;

  constructor(options: LeaderOptions) {
    this.#options = options;
    const { job, config } = options;
    this.#starting = new Set(job.ranks.keys());
    this.#open = new Set(job.ranks.keys());
    this.#inputOpen = Idset.of(Array.from({ length: job.taskCount }, (_, task) => task));
    this.#limit = new OutputLimit(config.limit, config.limitText, (message) =>
      this.log({ rank: 0, level: 4, message, component: 'output.kvs' }),
    );
    this.#pmi = new PmiGathering(job.ranks.length, (values) => this.#tellAll({ pmi: values }));
  }

  /** Opens the eventlogs. `details` go with `shell.init`, `render` fills in paths. */
  init(details: Readonly<Record<string, unknown>>, render: (template: string) => string): void {
    const { job, config, inputPath } = this.#options;
    const { service, ranks, taskCount } = job;
    const header = (names: readonly string[], count: number) => ({
      version: 1,
      encoding: Object.fromEntries(names.map((name) => [name, 'UTF-8'])),
      count: Object.fromEntries(names.map((name) => [name, count])),
      options: {},
    });
    const all = taskCount === 1 ? '0' : `[0-${taskCount - 1}]`;
    const redirects = streams.flatMap((stream) => {
      const { template } = config[stream];
      return template === undefined
        ? []
        : [this.#entry('output', 'redirect', { stream, rank: all, path: render(template) })];
    });
    this.#options.write([
      this.#entry('input', 'header', header(['stdin'], 1)),
      ...(inputPath === undefined
        ? []
        : [this.#entry('input', 'redirect', { stream: 'stdin', rank: 'all', path: inputPath })]),
      this.#entry('output', 'header', header(streams, taskCount)),
      ...redirects,
      this.#entry('exec.eventlog', 'shell.init', { service, 'leader-rank': ranks[0], size: ranks.length, ...details }),
    ]);
  }

  started(shell: number): void {
    if (!this.#starting.delete(shell) || this.#starting.size > 0) return;
    const taskmap = { version: 1, map: this.#options.job.taskmap.toJSON() };
    this.#options.write([this.#entry('exec.eventlog', 'shell.start', { taskmap })]);
    for (const input of this.#inputQueue) this.#tellAll({ input });
    this.#inputQueue = [];
  }

  /** Output for the KVS in the order in which it came. */
  output(object: IoObject): void {
    if (this.#limit.admits(object)) this.#options.write([this.#entry('output', 'data', { ...object })]);
  }

  log(context: LogContext): void {
    this.#options.write([this.#entry('output', 'log', { ...context })]);
  }

  /**
   * Input as somebody sent it to the service.
   * @throws FluxError EPIPE when a task that it is for has had the end of its input; FormatError for a bad one
   */
  input(io: unknown): void {
    const { rank, eof } = decodeIo(io);
    const targets = rank === 'all' ? this.#inputOpen : Idset.parse(rank);
    if (this.#inputOpen.size === 0 || targets.subtract(this.#inputOpen).size > 0) throw new FluxError('EPIPE');
    this.#options.write([this.#entry('input', 'data', { ...(io as IoObject) })]);
    if (eof) this.#inputOpen = this.#inputOpen.subtract(targets);
    if (this.#starting.size > 0) this.#inputQueue.push(io as IoObject);
    else this.#tellAll({ input: io as IoObject });
  }

  get isInputOpen(): boolean {
    return this.#options.inputPath === undefined && this.#inputOpen.size > 0;
  }

  /** The first end of a task is on record, for those who wonder which one it was. */
  taskExit(context: TaskExit): void {
    if (this.#hasTaskExit) return;
    this.#hasTaskExit = true;
    this.#options.write([this.#entry('exec.eventlog', 'shell.task-exit', { ...context })]);
    this.#options.onFirstExit(context);
  }

  /** The tasks of a shell have come to PMI's barrier. */
  pmi(shell: number, values: Readonly<Record<string, string>>): void {
    this.#pmi.bring(shell, values);
  }

  /** Nothing more comes from a shell: it has ended, or is lost. */
  over(shell: number): void {
    if (!this.#open.delete(shell) || this.#open.size > 0) return;
    this.#limit.summarize();
    this.#options.onOver();
  }

  #tellAll(order: Omit<ShellOrder, 'id'>): void {
    for (const shell of this.#open) this.#options.tell(shell, order);
  }

  #entry(log: GuestLog, name: string, context: Record<string, unknown>): GuestEntry {
    return [log, printEvent({ timestamp: Date.now() / 1000, name, context })];
  }
}
