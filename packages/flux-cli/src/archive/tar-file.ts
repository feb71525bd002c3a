/** Archives on disk: tar, with or without gzip, as the ending of the name says. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { CommandError } from '../command-module.ts';
import type { SnapshotEntry } from './entry.ts';

const gzipMagic = 0x1f8b;

/** @param path `-`: standard output @throws CommandError when it cannot be written, or its ending names no format */
export async function writeArchive(
  path: string,
  entries: AsyncIterable<SnapshotEntry>,
  { seconds }: { readonly seconds: number },
): Promise<void> {
  const isGzip = /\.(tgz|tar\.gz)$/.test(path);
  if (path !== '-' && !isGzip && !path.endsWith('.tar')) {
    throw new CommandError(`No such format '${path}': use .tar, .tar.gz or .tgz`);
  }
  const archive = pack();
  const out = await destination(path);
  const written = isGzip ? pipeline(archive, createGzip(), out) : pipeline(archive, out, { end: path !== '-' });
  written.catch(() => {});
  const mtime = new Date(seconds * 1000);
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: 0o644, mtime };
  for await (const entry of entries) {
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null) => (error ? reject(error) : resolve());
      if (entry.type === 'file') archive.entry({ ...owner, name: entry.path }, entry.data, done);
      else archive.entry({ ...owner, name: entry.path, type: 'symlink', linkname: entry.target }, done);
    });
  }
  archive.finalize();
  await written;
}

async function destination(path: string): Promise<Writable> {
  if (path === '-') return process.stdout;
  const out = createWriteStream(path, { flush: true });
  await new Promise<void>((resolve, reject) => {
    out.once('open', () => resolve());
    out.once('error', () => reject(new CommandError(`Failed to open '${path}'`)));
  });
  return out;
}

export interface ArchivedEntry {
  readonly entry: SnapshotEntry;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/**
 * Values and links of an archive; directories have no entries of their own.
 * @param path `-`: standard input
 * @param isWanted left-out files are not read
 * @throws CommandError when it cannot be read, or is no archive
 */
export async function* readArchive(
  path: string,
  isWanted: (path: string, size: number) => boolean,
): AsyncGenerator<ArchivedEntry> {
  const archive = extract();
  const source = await openSource(path);
  const read = pipeline(source, archive);
  read.catch(() => {});
  try {
    for await (const part of archive) {
      const { name, size = 0, type, linkname, mtime } = part.header;
      const seconds = (mtime?.getTime() ?? 0) / 1000;
      if (type === 'symlink') {
        yield { entry: { path: name, type: 'link', target: linkname ?? '' }, mtime: seconds };
      } else if (type === 'file' && isWanted(name, size)) {
        yield { entry: { path: name, type: 'file', data: await buffer(part) }, mtime: seconds };
      }
      part.resume();
    }
    await read;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Unrecognized archive format: ${(error as Error).message}`);
  }
}

async function openSource(path: string): Promise<Readable> {
  const raw = path === '-' ? process.stdin : await openFile(path);
  const isGzip = path === '-' ? false : await hasGzipMagic(path);
  return isGzip ? raw.pipe(createGunzip()) : raw;
}

async function openFile(path: string): Promise<Readable> {
  const file = createReadStream(path);
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', () => reject(new CommandError(`Failed to open '${path}'`)));
  });
  return file;
}

async function hasGzipMagic(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer: bytes } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && bytes.readUInt16BE(0) === gzipMagic;
  } finally {
    await file.close();
  }
}
