// Files that travel in the jobspec (RFC 37, attribute `files`): written to the job's directory before its tasks start.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { FluxError } from '@ebb/flux-client';
import { type JobspecFile, printJson } from '@ebb/flux-formats';

const typeBits = 0o170000;
const directory = 0o040000;
const regular = 0o100000;
const symlink = 0o120000;

/** @throws FluxError naming the file that cannot be written, and why */
export function writeJobFiles(folder: string, files: Readonly<Record<string, JobspecFile>>): void {
  for (const [name, file] of Object.entries(files)) {
    const path = normalize(name);
    if (path.startsWith('..') || path.startsWith('/')) {
      throw new FluxError('EINVAL', `${name}: the path must stay within the job's directory`);
    }
    try {
      writeJobFile(join(folder, path), name, file);
    } catch (error) {
      if (error instanceof FluxError) throw error;
      throw FluxError.of(error as NodeJS.ErrnoException, `${name}: ${(error as Error).message}`);
    }
  }
}

function writeJobFile(path: string, name: string, file: JobspecFile): void {
  const permissions = file.mode & 0o7777;
  mkdirSync(dirname(path), { recursive: true });
  switch (file.mode & typeBits) {
    case directory:
      mkdirSync(path, { recursive: true, mode: permissions });
      return;
    case symlink:
      if (typeof file.data !== 'string') throw new FluxError('EINVAL', `${name}: missing symlink data`);
      symlinkSync(file.data, path);
      return;
    case regular:
      writeFileSync(path, contentOf(name, file), { mode: permissions });
      // The process's umask had a say in the mode.
      chmodSync(path, permissions);
      return;
    default:
      throw new FluxError('EINVAL', `${name}: unknown file type (mode=0${file.mode.toString(8)})`);
  }
}

function contentOf(name: string, { encoding, data }: JobspecFile): string | Buffer {
  if (data === undefined) return '';
  if (encoding === undefined) return printJson(data);
  if (typeof data !== 'string') throw new FluxError('EINVAL', `${name}: unexpected data type for ${encoding}`);
  if (encoding === 'utf-8') return data;
  if (encoding === 'base64') return Buffer.from(data, 'base64');
  throw new FluxError('EINVAL', `${name}: unknown RFC 37 encoding ${encoding as string}`);
}
