// One process a state folder. The lock is a file with the holder's process id and the time that process began, so that
// a process id that came round again does not hold what a killed one left.

import { existsSync, linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process runs the cluster of this folder. */
export class FolderInUseError extends Error {
  readonly processId: number;

  constructor(folder: string, processId: number) {
    super(`${folder} is in use by process ${processId}; stop that cluster or choose another folder`);
    this.name = 'FolderInUseError';
    this.processId = processId;
  }
}

export interface FolderLock {
  release(): void;
}

/** @throws {FolderInUseError} */
export function takeFolder(folder: string): FolderLock {
  const path = join(folder, 'lock');
  const mine = holderText(process.pid);
  const candidate = `${path}.${process.pid}`;
  writeFileSync(candidate, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A hard link is made by one process alone.
        linkSync(candidate, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = livingHolder(path);
      if (holder !== undefined) throw new FolderInUseError(folder, holder);
      rmSync(path, { force: true });
    }
  } finally {
    unlinkSync(candidate);
  }
  return {
    release() {
      if (existsSync(path) && readFileSync(path, 'utf8') === mine) rmSync(path, { force: true });
    },
  };
}

/** The living process that holds a folder; undefined when nobody does. */
export function folderHolder(folder: string): number | undefined {
  return livingHolder(join(folder, 'lock'));
}

/** The process that holds the lock; undefined when it is gone. */
function livingHolder(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const processId = Number.parseInt(text, 10);
  return Number.isInteger(processId) && holderText(processId) === text ? processId : undefined;
}

/** `PID START`, where START is the kernel's own time of the process's begin; `PID` alone where /proc is not there. */
function holderText(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; field 22 counts from the start of the line.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${processId} ${fields[19]}`;
  } catch {
    if (existsSync('/proc/self/stat')) return '';
    return isAlive(processId) ? `${processId}` : '';
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
