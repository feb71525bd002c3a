/** `flux restore`: an archive of `flux dump` back into the KVS. */
import { type Flux, FluxError, KvsTransaction, kvsRoot } from '@ebb/flux-client';
import { Content } from '../archive/content.ts';
import { KeyProgress } from '../archive/progress.ts';
import { SnapshotTree } from '../archive/snapshot-tree.ts';
import { readArchive } from '../archive/tar-file.ts';
import { CommandError } from '../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { sizeOption } from '../options/c-values.ts';
import { failureWithText, withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux restore',
  usage: '[OPTIONS] INFILE',
  description: 'Restore KVS snapshot from a portable archive format',
  options: [
    { name: 'verbose', key: 'v', help: 'List keys on stderr as they are restored' },
    { name: 'quiet', key: 'q', help: "Don't show periodic progress updates" },
    { name: 'checkpoint', help: 'Restore to checkpoint' },
    { name: 'key', takes: 'value', shown: 'KEY', help: 'Restore to KVS key' },
    { name: 'no-cache', help: 'Bypass the broker content cache' },
    { name: 'size-limit', takes: 'value', shown: 'SIZE', help: 'Do not restore blobs greater than SIZE bytes' },
    {
      name: 'maxreqs',
      takes: 'value',
      shown: 'N',
      help: 'Max concurrent content store requests (default 256)',
    },
    { name: 'sd-notify', help: 'Send status updates to systemd via flux-broker(1)' },
  ],
};

const shownDigits = 8;

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [path, ...more] = options.words;
  if (path === undefined || more.length > 0) options.failWithUsage();
  const limit = sizeOption(options, 'size-limit') ?? 0;
  if ((options.integer('maxreqs') ?? 1) <= 0) throw new CommandError('invalid value for maxreqs: Success');
  const key = options.text('key');
  await withBroker(async (flux) => {
    if (options.has('checkpoint')) {
      if (await hasKvs(flux)) throw new CommandError('please unload kvs module before using --checkpoint');
    } else if (key === undefined) {
      throw new CommandError('Please specify a restore target with --checkpoint or --key');
    }
    const snapshot = await restore(flux, path, limit, options);
    const isCheckpoint = options.has('checkpoint');
    const target = isCheckpoint ? 'checkpoint for next KVS start' : `KVS key '${key}'`;
    if (!options.has('quiet')) {
      process.stderr.write(`flux-restore: writing snapshot ${shortened(snapshot.rootref)} to ${target}\n`);
    }
    if (isCheckpoint) await putCheckpoint(flux, snapshot, options);
    else await putKey(flux, key!, snapshot.rootref);
    if (!options.has('no-cache')) await flush(flux);
  });
  return 0;
}

interface Snapshot {
  readonly rootref: string;
  /** Of the latest value, since 1970. */
  readonly seconds: number;
}

async function restore(flux: Flux, path: string, limit: number, options: COptions): Promise<Snapshot> {
  const [verbose, quiet] = [options.has('verbose'), options.has('quiet')];
  const tree = new SnapshotTree(new Content(flux, { bypassesCache: options.has('no-cache') }));
  const progress = new KeyProgress(
    !verbose && !quiet,
    (keys) => `flux-restore: restored ${keys} keys (${tree.blobs} blobs)`,
  );
  const isWanted = (name: string, size: number): boolean => {
    if (limit === 0 || size <= limit) return true;
    const start = verbose || quiet ? '' : '\r';
    process.stderr.write(`${start}${name} size ${size} exceeds ${limit} limit, skipping\n`);
    return false;
  };
  let seconds = 0;
  for await (const { entry, mtime } of readArchive(path, isWanted)) {
    seconds = Math.max(seconds, mtime);
    await tree.add(entry);
    if (verbose) process.stderr.write(`${entry.path}${entry.type === 'link' ? ` -> ${entry.target}` : ''}\n`);
    progress.add();
  }
  const rootref = await tree.store();
  progress.end();
  return { rootref, seconds };
}

async function hasKvs(flux: Flux): Promise<boolean> {
  try {
    await kvsRoot(flux);
  } catch (error) {
    return !(error instanceof FluxError && error.code === 'ENOSYS');
  }
  return true;
}

async function putCheckpoint(flux: Flux, { rootref, seconds }: Snapshot, options: COptions): Promise<void> {
  const service = options.has('no-cache') ? 'content-backing' : 'content';
  const value = { version: 1, rootref, sequence: 0, timestamp: seconds };
  await flux
    .rpc(`${service}.checkpoint-put`, { value }, { nodeid: 0 })
    .catch((error: unknown) => failureWithText('error updating checkpoint', error));
}

async function putKey(flux: Flux, key: string, rootref: string): Promise<void> {
  const transaction = new KvsTransaction().putTreeObject(key, { ver: 1, type: 'dirref', data: [rootref] });
  await transaction.commit(flux).catch((error: unknown) => failureWithText(`error updating ${key}`, error));
}

async function flush(flux: Flux): Promise<void> {
  await flux.rpc('content.flush', undefined, { nodeid: 0 }).catch((error: unknown) => {
    if (!(error instanceof FluxError)) throw error;
    process.stderr.write(`flux-restore: error flushing content cache: ${error.message}\n`);
  });
}

/** As much of a blob's reference as somebody wants to see. */
function shortened(blobref: string): string {
  return blobref.slice(0, blobref.indexOf('-') + 1 + shownDigits);
}
