/** `flux jobs`: lists jobs. */
import type { Flux } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { connectBroker } from '../connect-broker.ts';
import { namedFormat } from '../formats/named-formats.ts';
import { outputFormat } from '../formats/output-format.ts';
import { pythonJson } from '../formats/python-json.ts';
import { parseSortKeys, type SortKey, splitSortPrefix } from '../formats/sort-rows.ts';
import { fetchJobs, type JobFilters, readFilters } from '../jobs/fetch-jobs.ts';
import { attributesOf, jobFormats, jobHeading, jobHeadings } from '../jobs/job-formats.ts';
import { jobStatistics, printStatistics } from '../jobs/job-statistics.ts';
import { type JobsValues, readJobsWords } from '../jobs/jobs-options.ts';
import { JobsPrinter } from '../jobs/print-jobs.ts';

export async function run(words: string[]): Promise<number> {
  const values = readJobsWords(words);
  if (values.json && (values.stats || values['stats-only'])) {
    throw new CommandError('--json incompatible with --stats or --stats-only');
  }
  if (values.jobids.length > 0 && values.isFiltered && !values.recursive) {
    warn('Filtering options ignored with jobid list');
  }
  const { format, sortKeys, headings } = readFormat(values);
  const flux = await connectBroker();
  try {
    return await list(flux, values, format, sortKeys, headings);
  } finally {
    await flux.close();
  }
}

async function list(
  flux: Flux,
  values: JobsValues,
  format: string,
  sortKeys: readonly SortKey[],
  headings: Readonly<Record<string, string>>,
): Promise<number> {
  if (values.stats || values['stats-only']) {
    const statistics = await jobStatistics(flux, values.queue);
    process.stdout.write(printStatistics(statistics, true));
    if (values['stats-only']) return statistics.active > 0 ? 0 : 1;
  }
  const filters: JobFilters = readFilters(values, Date.now() / 1000);
  const fields = [...outputFormat(format).fields, ...sortKeys.map(({ field }) => field)];
  const attributes = new Set(attributesOf(fields));
  if (values.color) for (const name of ['result', 'annotations']) attributes.add(name);
  if (values.recursive) for (const name of ['annotations', 'state', 'result', 'userid']) attributes.add(name);
  if (values.json) attributes.add('all');
  const request = { filters, attributes: [...attributes], count: values.count };
  const { jobs, errors, truncated } = await fetchJobs(flux, { ...request, ids: values.jobids });
  for (const error of errors) process.stderr.write(`${error}\n`);
  if (values.jobids.length > 0 && jobs.length === 0) return 1;
  const printer = new JobsPrinter({ values, format, headings, sortKeys, request });
  if (values.json) {
    const trees = await printer.trees(jobs);
    if (values.jobids.length === 1) process.stdout.write(trees.map((job) => `${pythonJson(job)}\n`).join(''));
    else process.stdout.write(`${pythonJson({ jobs: trees })}\n`);
    return 0;
  }
  await printer.print(jobs);
  if (truncated && !values['no-header']) {
    process.stderr.write(
      `warning: output truncated at ${values.count} jobs.\nUse --count to increase returned results or use filters to alter results.\n`,
    );
  }
  return 0;
}

function readFormat(values: JobsValues): {
  format: string;
  sortKeys: SortKey[];
  headings: Readonly<Record<string, string>>;
} {
  const given = namedFormat(values.format, { name: 'flux-jobs', formats: jobFormats });
  const { format, keys } = splitSortPrefix(given);
  const headings: Record<string, string> = { ...jobHeadings };
  for (const field of outputFormat(format).fields) {
    const heading = jobHeading(field);
    if (heading === undefined) throw new CommandError(`Error in user format: Unknown format field: ${field}`);
    headings[field] = heading;
  }
  return { format, sortKeys: parseSortKeys(values.sort || keys, (field) => Object.hasOwn(headings, field)), headings };
}

function warn(text: string): void {
  process.stderr.write(`flux-jobs: WARNING: ${text}\n`);
}
