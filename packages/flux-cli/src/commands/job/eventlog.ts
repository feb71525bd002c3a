/** `flux job eventlog`. */
import { FluxError, lookupJobText } from '@ebb/flux-client';
import { errnoNumber } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { EventlogFormat } from '../../formats/eventlog-format.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { eventlogPath, formatOptions, readFormat, waitForEvent } from '../../jobs/wait-for-event.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job eventlog',
  usage: '[OPTIONS] id',
  description: 'Display eventlog for a job',
  options: [
    ...formatOptions,
    { name: 'follow', key: 'F', help: 'Follow events until job is inactive.' },
    {
      name: 'path',
      key: 'p',
      takes: 'value',
      shown: 'PATH',
      help: 'Specify alternate eventlog name or path suffix (e.g. "exec", "output", or "guest.exec.eventlog")',
    },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length !== 1) options.failWithUsage();
  const jobid = options.words[0]!;
  const id = jobIdOf(jobid);
  const name = options.text('path') ?? 'eventlog';
  const format = new EventlogFormat(readFormat(options));
  if (options.has('follow')) {
    return withFlux((flux) =>
      waitForEvent(flux, { id, jobid, path: name, waitCreate: true, verbose: true, format, toTheEnd: true }),
    );
  }
  const { path } = eventlogPath(name);
  const log = await withFlux((flux) => lookupJobText(flux, id, path)).catch((error: Error) => {
    if (!(error instanceof FluxError)) throw error;
    if (error.errno !== errnoNumber('ENOENT')) {
      throw new CommandError(`flux_job_eventlog_lookup_get: ${error.message}`);
    }
    throw new CommandError(path === 'eventlog' ? `job ${jobid} not found` : `eventlog path ${path} not found`);
  });
  process.stdout.write(
    log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => format.print(line))
      .join(''),
  );
  return 0;
}
