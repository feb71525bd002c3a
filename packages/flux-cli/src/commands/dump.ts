/** `flux dump`: a snapshot of the KVS as an archive. */
import { type Flux, FluxError, kvsRoot } from '@ebb/flux-client';
import { strerror } from '@ebb/flux-formats';
import { Content } from '../archive/content.ts';
import type { SnapshotEntry } from '../archive/entry.ts';
import { KeyProgress } from '../archive/progress.ts';
import { writeArchive } from '../archive/tar-file.ts';
import { walkSnapshot } from '../archive/walk-snapshot.ts';
import { CommandError, CommandExit } from '../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { failureWithText, withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux dump',
  usage: '[OPTIONS] OUTFILE',
  description: 'Dump KVS snapshot to a portable archive format',
  options: [
    { name: 'verbose', key: 'v', help: 'List keys on stderr as they are archived' },
    { name: 'quiet', key: 'q', help: "Don't show periodic progress updates" },
    { name: 'checkpoint', help: 'Dump from checkpoint' },
    { name: 'no-cache', help: 'Bypass the broker content cache' },
    { name: 'ignore-failed-read', help: 'Treat content load errors as non-fatal' },
    { name: 'sd-notify', help: 'Send status updates to systemd via flux-broker(1)' },
    {
      name: 'maxreqs',
      takes: 'value',
      shown: 'N',
      help: 'Increase number of concurrent requests (default 2)',
    },
  ],
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [path, ...more] = options.words;
  if (path === undefined || more.length > 0) options.failWithUsage();
  if ((options.integer('maxreqs') ?? 1) <= 0) throw new CommandError('invalid value for maxreqs: Success');
  await withBroker(async (flux) => {
    const { rootref, seconds } = await snapshot(flux, options);
    const verbose = options.has('verbose');
    const progress = new KeyProgress(!verbose && !options.has('quiet'), (keys) => `flux-dump: archived ${keys} keys`);
    const content = new Content(flux, { bypassesCache: options.has('no-cache') });
    const entries = walkSnapshot(content, rootref, {
      onMissing(key, what, error) {
        process.stderr.write(`${key}: ${what}: ${strerror(error.errno)}\n`);
        if (!options.has('ignore-failed-read')) throw new CommandExit(1);
      },
    });
    await writeArchive(path, told(entries, progress, verbose), { seconds });
    progress.end();
  });
  return 0;
}

async function* told(
  entries: AsyncIterable<SnapshotEntry>,
  progress: KeyProgress,
  verbose: boolean,
): AsyncGenerator<SnapshotEntry> {
  for await (const entry of entries) {
    yield entry;
    if (verbose) process.stderr.write(`${entry.path}\n`);
    progress.add();
  }
}

/** The root to dump, and the time that values get. */
async function snapshot(flux: Flux, options: COptions): Promise<{ rootref: string; seconds: number }> {
  const what = options.has('checkpoint') ? 'checkpoints' : 'current KVS root';
  try {
    if (!options.has('checkpoint')) return { rootref: (await kvsRoot(flux)).rootref, seconds: Date.now() / 1000 };
    const service = options.has('no-cache') ? 'content-backing' : 'content';
    const { value } = await flux.rpc<{ value: { rootref: string; timestamp: number }[] }>(
      `${service}.checkpoint-get`,
      {},
      { nodeid: 0 },
    );
    const [latest] = value;
    if (!latest) throw new FluxError('ENOENT');
    return { rootref: latest.rootref, seconds: latest.timestamp };
  } catch (error) {
    return failureWithText(`error fetching ${what}`, error);
  }
}
