/** `flux job purge`. */
import { type Flux, FluxError, textPayload } from '@ebb/flux-client';
import { FormatError, parseDuration } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { jobIdOf, withFlux } from '../../jobs/job-ids.ts';
import { parseCOptions } from '../../options/c-options.ts';

const syntax = {
  program: 'flux-job purge',
  usage: '[--age-limit=FSD] [--num-limit=N] [--batch=COUNT] [--force] [ID ...]',
  description: 'Purge the oldest inactive jobs',
  options: [
    {
      name: 'age-limit',
      takes: 'value',
      shown: 'FSD',
      help: 'Purge jobs that became inactive beyond age-limit.',
    },
    {
      name: 'num-limit',
      takes: 'value',
      shown: 'COUNT',
      help: 'Purge oldest inactive jobs until COUNT are left.',
    },
    { name: 'force', key: 'f', help: 'Perform the irreversible purge.' },
    { name: 'batch', takes: 'value', shown: 'COUNT', help: 'Limit number of jobs per request (default 50).' },
  ],
} as const;

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  const force = options.has('force');
  const ids = options.words.map(jobIdOf);
  const ageLimit = readAge(options.text('age-limit'));
  const limits = { age_limit: ageLimit, num_limit: options.integer('num-limit') ?? -1 };
  const batch = options.integer('batch') ?? 50;
  await withFlux(async (flux) => {
    const total = ids.length > 0 ? await purgeIds(flux, ids, force) : await purgeRange(flux, limits, batch, force);
    const { inactive_jobs: left } = await flux.rpc<{ inactive_jobs: number }>('job-manager.stats-get', undefined, {
      nodeid: 0,
    });
    process.stdout.write(
      force
        ? `purged ${total} inactive jobs, ${left} remaining\n`
        : `use --force to purge ${total} of ${left} inactive jobs\n`,
    );
  }).catch((error: Error) => {
    throw error instanceof FluxError ? new CommandError(`purge: ${error.message}`) : error;
  });
  return 0;
}

async function purgeRange(
  flux: Flux,
  limits: { age_limit: number; num_limit: number },
  batch: number,
  force: boolean,
): Promise<number> {
  let total = 0;
  let count: number;
  do {
    const { age_limit: age, num_limit: num } = limits;
    // The job manager of flux-core takes the age for a real number only, which JSON shows by its point.
    const text = `{"age_limit":${Number.isInteger(age) ? `${age}.0` : age},"num_limit":${num},"batch":${batch},"force":${force}}`;
    const answer = await flux.rpcRaw('job-manager.purge', textPayload(text), { nodeid: 0 });
    ({ count } = JSON.parse(Buffer.from(answer!).toString('utf8').replace(/\0$/, '')) as { count: number });
    total += count;
  } while (force && count === batch);
  return total;
}

async function purgeIds(flux: Flux, ids: readonly bigint[], force: boolean): Promise<number> {
  const counts = await Promise.all(
    ids.map((id) => flux.rpc<{ count: number }>('job-manager.purge-id', { id, force: force ? 1 : 0 }, { nodeid: 0 })),
  );
  return counts.reduce((sum, { count }) => sum + count, 0);
}

function readAge(text: string | undefined): number {
  if (text === undefined) return -1;
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError(`Invalid argument for option 'age-limit': ${text}`);
    throw error;
  }
}
