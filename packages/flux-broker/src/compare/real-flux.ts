// Finds the real `flux` command, where there is one, to compare with: on the PATH, an executable of flux-core and not a
// script of ours. EBB_REAL_FLUX names it otherwise.
import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Undefined when this machine has none. */
export function findRealFlux(): string | undefined {
  const named = process.env['EBB_REAL_FLUX'];
  if (named !== undefined && named !== '') return named;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'flux'))
    .find(isElf);
}

export interface CommandResult {
  out: string;
  err: string;
  code: number;
}

/** Runs `flux ARGS` against the broker at `uri`. */
export function runFlux(flux: string, args: readonly string[], uri: string): Promise<CommandResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, FLUX_URI: uri, LC_ALL: 'C.UTF-8', COLUMNS: '200' };
    execFile(flux, [...args], { env, timeout: 20_000 }, (error, out, err) => {
      resolve({ out, err, code: typeof error?.code === 'number' ? error.code : error ? -1 : 0 });
    });
  });
}

function isElf(path: string): boolean {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const magic = Buffer.alloc(4);
      readSync(descriptor, magic, 0, 4, 0);
      return magic.toString('latin1') === '\x7fELF';
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}
