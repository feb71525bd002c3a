/** `flux pstree`: the jobs of an instance, and those of the instances within, as a tree. */
import { connect, type Flux, FluxError, type JobRecord, JobState } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { outputFormat, type Row } from '../formats/output-format.ts';
import { fetchJobs, readFilters } from '../jobs/fetch-jobs.ts';
import { instanceFields } from '../jobs/instance-fields.ts';
import { instanceUri, jobRow, reachableUri } from '../jobs/job-fields.ts';
import { jobHeading } from '../jobs/job-formats.ts';
import { withFlux } from '../jobs/job-ids.ts';
import { drawTree, type TreeNode } from '../jobs/job-tree.ts';
import { type JobId, type JobsValues, readJobId } from '../jobs/jobs-options.ts';
import { parsePythonOptions } from '../options/python-options.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';

const details: Readonly<Record<string, string>> = {
  default: '{id.f58:>12} {username:<8.8} {status_abbrev:>2.2} {ntasks:>6h} {nnodes:>6h} {runtime!F:>8h}',
  resources:
    '{id.f58:>12} {instance.resources.all.nnodes:>5} {instance.resources.allocated.nnodes:>5} {instance.resources.all.ncores:>5} {instance.resources.allocated.ncores:>5} {instance.resources.all.ngpus:>5} {instance.resources.allocated.ngpus:>5}',
  progress:
    '{id.f58:>12} {ntasks:>6h} {instance.stats.total:>6} {instance.progress!P:>5} {instance.utilization!P:>5} {instance.gpu_utilization!P:>5} {runtime!H:>10}',
  stats: '{id.f58:>12} {instance.stats:^25} {runtime!H:>10}',
};

const flag = (flags: readonly string[], help: string) => ({ flags, takes: 'flag', help }) as const;
const one = (flags: readonly string[], shown: string, help: string) => ({ flags, takes: 'one', shown, help }) as const;

const syntax: PythonSyntax = {
  program: 'flux-pstree',
  options: [
    flag(['-a', '--all'], 'Include all jobs for current user in all states'),
    {
      ...one(['-c', '--count'], 'N', 'Limit to N jobs per instance (default 1000)'),
      type: 'int',
      default: 1000,
    },
    one(['-f', '--filter'], 'STATE|RESULT', 'list jobs with specific job state or result'),
    flag(['-x', '--extended'], 'print extended details before tree output'),
    flag(['-l', '--long'], 'do not truncate long lines to terminal width'),
    { ...one(['-L', '--level'], 'N', 'only descend N levels'), type: 'int', default: 999 },
    flag(['-p', '--parent-ids'], 'include jobids in parent labels'),
    flag(['-n', '--no-header'], 'Suppress header with -x, --extended'),
    flag(['-X', '--no-combine'], 'disable combination of identical children'),
    one(['-o', '--label'], 'FORMAT', "change label format (default='{name}')"),
    one(['--parent-label'], 'FORMAT', 'change label format for parent only'),
    one(['--detail-format'], 'FORMAT', 'specify output format for extended details (implies -x, --extended)'),
    one(['-d', '--details'], 'NAME', 'Select a named extended details format (default,resources,progress,stats)'),
    flag(['-C', '--compact'], 'Use compact tree connectors'),
    flag(['--ascii'], 'Use ASCII character tree connectors'),
    {
      flags: ['--skip-root'],
      takes: 'optional',
      constant: 'yes',
      shown: 'yes|no',
      help: "suppress or include the enclosing instance in output. Default is 'no' unless the -x, --extended or -d, --details options are used.",
    },
  ],
  positionals: [{ name: 'jobids', shown: 'JOBID', takes: 'any', help: 'Limit output to specific jobids' }],
};

interface TreeFormats {
  readonly label: string;
  readonly parent: string;
  readonly prefix: string | undefined;
}

export async function run(words: string[]): Promise<number> {
  const { values, words: given } = parsePythonOptions(syntax, words);
  const text = (name: string) => values[name] as string | undefined;
  const ids = given.map((id) => readJobId(syntax, id));
  const formats = readFormats(values);
  if (values['compact'] && values['ascii']) throw new CommandError('Choose only one of --ascii, --compact');
  const asked = text('skip-root');
  const skipRoot = asked === undefined ? formats.prefix !== undefined || ids.length > 0 : asked === 'yes';
  const filter = values['all'] ? 'pending,running,inactive' : (text('filter') ?? 'running');
  const reader = new TreeReader(formats, filter.split(','), values['count'] as number, values['level'] as number);
  const root = await withFlux((flux) => reader.root(flux, ids, skipRoot));
  if (formats.prefix !== undefined && !values['no-header']) {
    process.stdout.write(`${outputFormat(formats.prefix).header(headingsOf(formats.prefix))}\n`);
  }
  const lines = drawTree(root, {
    style: values['compact'] ? 'compact' : values['ascii'] ? 'ascii' : 'box',
    combine: !values['no-combine'],
    level: 999,
    skipRoot,
    width: values['long'] ? undefined : Number(process.env['COLUMNS']) || process.stdout.columns || 132,
  });
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

function readFormats(values: Record<string, unknown>): TreeFormats {
  const text = (name: string) => values[name] as string | undefined;
  const label = text('label') ?? (values['all'] ? '{name}:{status_abbrev}' : '{name}');
  const parent = text('parent-label') ?? text('label') ?? '{name}';
  const name = text('details') ?? 'default';
  const isExtended = values['extended'] || text('details') !== undefined || text('detail-format') !== undefined;
  if (isExtended && text('detail-format') === undefined && !Object.hasOwn(details, name)) {
    throw new CommandError(`Unknown --details format '${name}'`);
  }
  const formats = {
    label,
    parent: values['parent-ids'] ? `{id.f58} ${parent}` : parent,
    prefix: isExtended ? (text('detail-format') ?? details[name]) : undefined,
  };
  for (const format of [formats.label, formats.parent, formats.prefix ?? '']) headingsOf(format);
  return formats;
}

function headingsOf(format: string): Record<string, string> {
  return Object.fromEntries(
    outputFormat(format).fields.map((field) => {
      const heading = jobHeading(field);
      if (heading === undefined) throw new CommandError(`Unknown format field: ${field}`);
      return [field, heading];
    }),
  );
}

class TreeReader {
  readonly #formats: TreeFormats;
  readonly #filter: readonly string[];
  readonly #count: number;
  readonly #level: number;
  readonly #now = Date.now() / 1000;

  constructor(formats: TreeFormats, filter: readonly string[], count: number, level: number) {
    this.#formats = formats;
    this.#filter = filter;
    this.#count = count;
    this.#level = level;
  }

  async root(flux: Flux, ids: readonly JobId[], skipRoot: boolean): Promise<TreeNode> {
    // Without the root the first level is of jobs that run: those with a tree below them.
    const filter = skipRoot ? ['running'] : this.#filter;
    const children = await this.#children(flux, 0, filter, ids);
    if (skipRoot) return { label: '.', prefix: '', children };
    const row = await this.#rootRow(flux);
    return { ...this.#texts(row, true), children };
  }

  async #children(
    flux: Flux,
    level: number,
    filter: readonly string[],
    ids: readonly JobId[] = [],
  ): Promise<TreeNode[]> {
    if (level > this.#level) return [];
    const filters = readFilters({ filter, queue: [] } as unknown as JobsValues, this.#now);
    const { jobs, errors } = await fetchJobs(flux, { filters, attributes: ['all'], count: this.#count, ids });
    for (const error of errors) process.stderr.write(`${error}\n`);
    return Promise.all(jobs.map((job) => this.#node(job, level)));
  }

  async #node(job: JobRecord, level: number): Promise<TreeNode> {
    const uri = instanceUri(job);
    const isParent = uri !== undefined && job.state === JobState.Run;
    const instance = isParent && this.#wantsInstance() ? await instanceFields(reachableUri(uri)) : new Map();
    const texts = this.#texts(jobRow(job, this.#now, instance), isParent);
    if (!isParent) return { ...texts, children: [] };
    try {
      const child = await connect(reachableUri(uri));
      try {
        return { ...texts, children: await this.#children(child, level + 1, this.#filter) };
      } finally {
        await child.close();
      }
    } catch (error) {
      if (error instanceof FluxError || (error as NodeJS.ErrnoException).code) return { ...texts, children: [] };
      throw error;
    }
  }

  #texts(row: Row, isParent: boolean): { label: string; prefix: string } {
    const { label, parent, prefix } = this.#formats;
    return {
      label: outputFormat(isParent ? parent : label).row(row),
      prefix: prefix === undefined ? '' : outputFormat(prefix).row(row),
    };
  }

  #wantsInstance(): boolean {
    const all = [this.#formats.label, this.#formats.parent, this.#formats.prefix ?? ''];
    return all.some((format) => outputFormat(format).fields.some((field) => field.startsWith('instance.')));
  }

  // The instance itself as a job: that of its parent, or one made of what it knows of itself.
  async #rootRow(flux: Flux): Promise<Row> {
    const attribute = (name: string) => flux.attr(name).catch(() => undefined);
    const size = Number(await attribute('size'));
    const [owner, hosts, start, name] = await Promise.all(
      ['security.owner', 'hostlist', 'broker.starttime', 'local-uri'].map(attribute),
    );
    const instance = this.#wantsInstance() && name ? await instanceFields(reachableUri(name)) : new Map();
    const job: JobRecord = {
      id: 0n,
      userid: Number(owner),
      state: JobState.Run,
      name: '.',
      ntasks: size,
      nnodes: size,
      ranks: `0-${size - 1}`,
      ...(hosts === undefined ? {} : { nodelist: hosts }),
      ...(start === undefined ? {} : { t_run: Number(start) }),
    };
    const row = jobRow(job, this.#now, instance);
    return (field) => (field === 'id' || field.startsWith('id.') ? '.' : row(field));
  }
}
