/** `flux top`: running jobs and resources, anew with each heartbeat. */
import {
  connect,
  type Flux,
  FluxError,
  type JobRecord,
  jobById,
  listJobs,
  resourceList,
  runningStates,
} from '@ebb/flux-client';
import { printFluid, type ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { instanceUri, reachableUri } from '../jobs/job-fields.ts';
import { jobIdOf, tryJobId } from '../jobs/job-ids.ts';
import { jobStatistics } from '../jobs/job-statistics.ts';
import { parseCOptions } from '../options/c-options.ts';
import { type ResourceCount, type TopView, topLines } from '../top/screen.ts';

const syntax = {
  program: 'flux-top',
  usage: '[OPTIONS] [TARGET]',
  options: [
    {
      name: 'color',
      takes: 'optional',
      shown: 'WHEN',
      help: "Colorize output when supported; WHEN can be 'always' (default if omitted), 'never', or 'auto' (default).",
    },
    { name: 'queue', key: 'q', takes: 'value', shown: 'NAME', help: 'Limit to jobs belonging to a specific queue' },
  ],
} as const;

export async function run(words: string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 1) options.failWithUsage();
  for (const stream of ['stdin', 'stdout'] as const) {
    if (!process[stream].isTTY) throw new CommandError(`${stream} is not a terminal`);
  }
  const [target] = options.words;
  const flux = target === undefined ? await connect() : await connectTarget(target);
  const color = options.text('color') !== 'never';
  process.stdout.write('\x1b[?1049h\x1b[?25l');
  process.stdin.setRawMode(true).resume();
  try {
    await new Top(flux, '', options.text('queue'), color).run();
  } finally {
    process.stdin.setRawMode(false).pause();
    process.stdout.write('\x1b[?25h\x1b[?1049l');
    await flux.close();
  }
  return 0;
}

async function connectTarget(target: string): Promise<Flux> {
  if (tryJobId(target) === undefined) return connect(target);
  const flux = await connect();
  try {
    const uri = instanceUri(await jobById(flux, jobIdOf(target)));
    if (uri === undefined) throw new CommandError(`job ${target} is not a Flux instance`);
    return await connect(reachableUri(uri));
  } finally {
    await flux.close();
  }
}

type Summary = Omit<TopView, 'jobs' | 'current' | 'showDetails' | 'heart' | 'color' | 'title' | 'showQueue' | 'queue'>;

const keys = /\x1b[[O][A-D]|[\s\S]/g;

class Top {
  readonly #flux: Flux;
  readonly #title: string;
  readonly #color: boolean;
  #queues: string[] = [];
  #queue: string | undefined;
  #summary: Summary | undefined;
  #jobs: JobRecord[] = [];
  #current: bigint | undefined;
  #showDetails = true;
  #heart = true;
  #below: Promise<void> | undefined;
  #end!: () => void;
  #fail!: (error: Error) => void;

  constructor(flux: Flux, title: string, queue: string | undefined, color: boolean) {
    this.#flux = flux;
    this.#title = title;
    this.#queue = queue;
    this.#color = color;
  }

  /** Shows the instance until `q`, its end, or an error. */
  async run(): Promise<void> {
    const over = new Promise<void>((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    // One piece of input may hold several keys; those with arrows are three characters.
    const key = (data: Buffer) => {
      for (const [one] of data.toString('utf8').matchAll(keys)) this.#key(one);
    };
    const resized = () => this.#draw();
    this.#queues = (await this.#flux.rpc<{ queues: string[] }>('job-manager.queue-list')).queues;
    if (this.#queue !== undefined && !this.#queues.includes(this.#queue)) {
      throw new CommandError(`queue ${this.#queue} not configured`);
    }
    await this.#refresh();
    const stop = await this.#flux.subscribe('heartbeat.pulse', () => {
      this.#heart = !this.#heart;
      this.#refresh().catch(this.#fail);
    });
    process.stdin.on('data', key);
    process.stdout.on('resize', resized);
    try {
      await Promise.race([over, this.#flux.closed]);
    } finally {
      process.stdin.off('data', key);
      process.stdout.off('resize', resized);
      if (!this.#flux.isClosed) await stop();
    }
  }

  async #refresh(): Promise<void> {
    const jobs: JobRecord[] = [];
    const running = { states: [runningStates] };
    const constraint = this.#queue === undefined ? running : { and: [running, { queue: [this.#queue] }] };
    const listed = (async () => {
      for await (const job of listJobs(this.#flux, { constraint })) jobs.push(job);
    })();
    const [summary] = await Promise.all([readSummary(this.#flux, this.#queue), listed]);
    this.#summary = summary;
    this.#jobs = jobs;
    if (!jobs.some(({ id }) => id === this.#current)) this.#current = undefined;
    this.#draw();
  }

  #draw(): void {
    if (!this.#summary || this.#below) return;
    const view: TopView = {
      ...this.#summary,
      title: this.#title,
      jobs: this.#jobs,
      current: this.#current,
      showDetails: this.#showDetails,
      heart: this.#heart,
      color: this.#color,
      showQueue: this.#queues.length > 0,
      queue: this.#queue,
    };
    const { columns = 80, rows = 24 } = process.stdout;
    const lines = topLines(view, Date.now() / 1000, columns, rows);
    process.stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
  }

  #key(key: string): void {
    if (this.#below) return;
    if (key === 'q' || key === '\x03') this.#end();
    else if (key === 'j' || key === '\x1b[B' || key === '\x1bOB') this.#move(1);
    else if (key === 'k' || key === '\x1b[A' || key === '\x1bOA') this.#move(-1);
    else if (key === 'l' || key === '\x1b[C' || key === '\x1bOC') this.#turnQueue(1);
    else if (key === 'h' || key === '\x1b[D' || key === '\x1bOD') this.#turnQueue(-1);
    else if (key === 'd') {
      this.#showDetails = !this.#showDetails;
      this.#draw();
    } else if (key === '\f') {
      process.stdout.write('\x1b[2J');
      this.#draw();
    } else if (key === '\r' || key === '\n') this.#descend();
  }

  // Past the ends there is no job that is chosen.
  #move(step: number): void {
    if (this.#jobs.length === 0) return;
    const at = this.#jobs.findIndex(({ id }) => id === this.#current);
    const next = at < 0 ? (step > 0 ? 0 : this.#jobs.length - 1) : at + step;
    this.#current = this.#jobs[Math.min(Math.max(next, 0), this.#jobs.length - 1)]!.id;
    this.#draw();
  }

  #turnQueue(step: number): void {
    if (this.#queues.length === 0) return;
    const all = [undefined, ...this.#queues];
    this.#queue = all[(all.indexOf(this.#queue) + step + all.length) % all.length];
    this.#refresh().catch(this.#fail);
  }

  #descend(): void {
    const job = this.#jobs.find(({ id }) => id === this.#current);
    const uri = job && instanceUri(job);
    if (!uri) return;
    const title = `${this.#title}${this.#title ? '/' : ''}${printFluid(job.id)}`;
    this.#below = (async () => {
      try {
        const flux = await connect(reachableUri(uri));
        try {
          await new Top(flux, title, undefined, this.#color).run();
        } finally {
          await flux.close();
        }
      } catch (error) {
        // An instance that ends while it is shown leads back to the one above.
        if (!(error instanceof FluxError) && !(error as NodeJS.ErrnoException).code) this.#fail(error as Error);
      }
      this.#below = undefined;
      this.#draw();
    })();
  }
}

async function readSummary(flux: Flux, queue: string | undefined): Promise<Summary> {
  const attribute = (name: string) => flux.attr(name).catch(() => '0');
  const [counts, resources, size, level, version, start] = await Promise.all([
    jobStatistics(flux, queue === undefined ? [] : [queue]),
    resourceList(flux),
    flux.size(),
    attribute('instance-level'),
    attribute('version'),
    attribute('broker.starttime'),
  ]);
  const { all, down, allocated } = resources;
  const count = (of: (set: ResourceSet) => number): ResourceCount => ({
    total: of(all),
    down: of(down),
    used: of(allocated),
  });
  return {
    nodes: count((set) => set.nodeCount),
    cores: count((set) => set.coreCount),
    gpus: count((set) => set.gpuCount),
    pending: counts.pending,
    running: counts.running,
    inactive: counts.inactive,
    complete: counts.successful,
    failed: counts.failed,
    size,
    level: Number(level),
    version: /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? version,
    startTime: Number(start),
    expiration: all.expiration ?? 0,
  };
}
