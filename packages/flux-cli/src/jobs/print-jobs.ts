/** Prints jobs as a table or as JSON, and the jobs of the instances among them. */
import { connect, FluxError, type JobRecord, JobState } from '@ebb/flux-client';
import { printFluid } from '@ebb/flux-formats';
import { outputFormat, type Row } from '../formats/output-format.ts';
import { type SortKey, sortRows } from '../formats/sort-rows.ts';
import { type FetchRequest, fetchJobs } from './fetch-jobs.ts';
import { instanceFields } from './instance-fields.ts';
import { type InstanceFields, instanceUri, jobRow, reachableUri, resultOf } from './job-fields.ts';
import { jobObject } from './job-object.ts';
import { type JobStatistics, jobStatistics, printStatistics } from './job-statistics.ts';
import type { JobsValues } from './jobs-options.ts';

export interface JobsPrinterOptions {
  readonly values: JobsValues;
  readonly format: string;
  readonly headings: Readonly<Record<string, string>>;
  readonly sortKeys: readonly SortKey[];
  /** What is asked of the instances within. */
  readonly request: FetchRequest;
}

interface Children {
  readonly jobs: JobRecord[];
  readonly statistics: JobStatistics | undefined;
}

const resultColors: Readonly<Record<string, string>> = {
  COMPLETED: '\x1b[01;32m',
  FAILED: '\x1b[01;31m',
  CANCELED: '\x1b[37m',
  TIMEOUT: '\x1b[01;31m',
};

export class JobsPrinter {
  readonly #options: JobsPrinterOptions;
  readonly #instances = new Map<bigint, InstanceFields>();
  readonly #now = Date.now() / 1000;

  constructor(options: JobsPrinterOptions) {
    this.#options = options;
  }

  async print(jobs: readonly JobRecord[]): Promise<void> {
    const { values, format, headings } = this.#options;
    await this.#askInstances(jobs);
    const withHeader = !values['no-header'];
    const rows = jobs.map((job) => this.#row(job));
    const fitted = outputFormat(format).fitted(rows, headings, withHeader);
    if (withHeader) process.stdout.write(`${this.#cut(fitted.header(headings))}\n`);
    await this.#print(jobs, fitted, '', 0);
  }

  /** The jobs as objects, with `jobs` in the instances when the list is recursive. */
  async trees(jobs: readonly JobRecord[]): Promise<Record<string, unknown>[]> {
    const { values } = this.#options;
    const objects = jobs.map((job) => jobObject(job, this.#now));
    if (!values.recursive || values.level === 0) return objects;
    await Promise.all(
      jobs.map(async (job, index) => {
        if (!this.#isToDescend(job)) return;
        const { jobs: within } = await this.#children(job);
        objects[index]!['jobs'] = within.map((child) => jobObject(child, this.#now));
      }),
    );
    return objects;
  }

  async #print(
    jobs: readonly JobRecord[],
    format: ReturnType<typeof outputFormat>,
    path: string,
    level: number,
  ): Promise<void> {
    const { values, sortKeys } = this.#options;
    const sorted = sortRows(jobs, (job) => this.#row(job), sortKeys);
    for (const job of sorted) {
      const line = format.row(this.#row(job));
      if (line.trim() === '') continue;
      const color = values.color ? this.#color(job) : '';
      process.stdout.write(`${color}${this.#cut(line)}\n${color ? '\x1b[0;0m' : ''}`);
    }
    if (!values.recursive || level === values.level) return;
    const instances = sorted.filter((job) => this.#isToDescend(job));
    const children = await Promise.all(instances.map((job) => this.#children(job)));
    for (const [index, { jobs: within, statistics }] of children.entries()) {
      const here = `${path ? `${path}/` : ''}${printFluid(instances[index]!.id)}`;
      process.stdout.write(`\n${here}:\n`);
      if (statistics) process.stdout.write(printStatistics(statistics, false));
      await this.#askInstances(within);
      await this.#print(within, format, here, level + 1);
    }
  }

  #row(job: JobRecord): Row {
    return jobRow(job, this.#now, this.#instances.get(job.id));
  }

  #cut(line: string): string {
    const { width } = this.#options.values;
    const columns = width === 0 ? (process.stdout.columns ?? -1) : width;
    const characters = [...line];
    return columns > 0 && characters.length > columns ? `${characters.slice(0, columns - 1).join('')}+` : line;
  }

  #color(job: JobRecord): string {
    if (job.result) return resultColors[resultOf(job)] ?? '';
    return instanceUri(job) ? '\x1b[01;34m' : '';
  }

  #isToDescend(job: JobRecord): boolean {
    const mine = this.#options.values['recurse-all'] || job.userid === process.getuid!();
    return instanceUri(job) !== undefined && job.state === JobState.Run && mine;
  }

  async #children(job: JobRecord): Promise<Children> {
    const { request, values } = this.#options;
    try {
      const flux = await connect(reachableUri(instanceUri(job)!));
      try {
        const { jobs } = await fetchJobs(flux, request);
        return { jobs, statistics: values.stats ? await jobStatistics(flux) : undefined };
      } finally {
        await flux.close();
      }
    } catch (error) {
      // An instance that is not up yet, or that is another's, is passed over.
      if (error instanceof FluxError || (error as NodeJS.ErrnoException).code)
        return { jobs: [], statistics: undefined };
      throw error;
    }
  }

  async #askInstances(jobs: readonly JobRecord[]): Promise<void> {
    if (!outputFormat(this.#options.format).fields.some((field) => field.startsWith('instance.'))) return;
    await Promise.all(
      jobs.map(async (job) => {
        const uri = instanceUri(job);
        if (uri && job.state === JobState.Run) this.#instances.set(job.id, await instanceFields(reachableUri(uri)));
      }),
    );
  }
}
