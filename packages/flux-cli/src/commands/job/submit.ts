/** `flux job submit`: submits a jobspec as it is. */
import { readFileSync } from 'node:fs';
import { FluxError, submitJob } from '@ebb/flux-client';
import { printFluid, toFluid } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job submit',
  usage: '[OPTIONS] [jobspec]',
  description: 'Run job',
  options: [
    {
      name: 'urgency',
      key: 'u',
      takes: 'value',
      shown: 'N',
      help: 'Set job urgency (0-31), hold=0, default=16, expedite=31',
    },
    {
      name: 'flags',
      key: 'f',
      takes: 'value',
      splits: true,
      help: 'Set submit comma-separated flags (e.g. debug, waitable)',
    },
  ],
} as const;

const known = ['debug', 'waitable', 'signed', 'novalidate'];

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 1) options.failWithUsage();
  const [path = '-'] = options.words;
  const flags = options.list('flags');
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown !== undefined) throw new CommandError(`unknown flag: ${unknown}`);
  const urgency = options.integer('urgency') ?? 16;
  const has = (flag: string) => flags.includes(flag);
  const id = await withFlux(async (flux) => {
    const jobspec = read(path);
    if (jobspec === '') throw new CommandError('required jobspec is empty');
    const submit = { urgency, debug: has('debug'), waitable: has('waitable'), novalidate: has('novalidate') };
    if (!has('signed')) return submitJob(flux, jobspec, submit);
    const bits = (submit.debug ? 2 : 0) | (submit.waitable ? 4 : 0) | (submit.novalidate ? 8 : 0);
    const answer = await flux.rpc<{ id: unknown }>('job-ingest.submit', { J: jobspec.trim(), urgency, flags: bits });
    return toFluid(answer.id);
  }).catch((error: Error) => {
    throw error instanceof FluxError ? new CommandError(error.message) : error;
  });
  process.stdout.write(`${printFluid(id)}\n`);
  return 0;
}

function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(`${path}: ${code === 'ENOENT' ? 'No such file or directory' : message}`);
  }
}
