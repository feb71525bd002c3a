// What a program that is started finds open beside its standard streams. Node closes its own descriptors in children;
// native code (the database's, the terminals') leaves those that it opened open to every child of the process.

import type { IOType } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC of Linux, in the flags that /proc tells of a descriptor. */
const closeOnExec = 0o2000000;

/**
 * Closes what the process that started this one left open to it, and what would so come to be open in all that this one
 * starts. To be called before anything is opened here.
 */
export function closeInherited(): void {
  for (const name of readdirSync('/proc/self/fd')) {
    if (Number(name) > 2 && isInherited(name)) closeSync(Number(name));
  }
}

function isInherited(descriptor: string): boolean {
  try {
    const [, flags = ''] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // The descriptor by which the folder was read.
    return false;
  }
}

export type Side = IOType | number;

const open = new Set<number>();
let nothing: number | undefined;

/** Says of descriptors that native code has opened them. @returns what says that they are closed */
export function openedByNativeCode(...descriptors: number[]): () => void {
  for (const each of descriptors) open.add(each);
  return () => {
    for (const each of descriptors) open.delete(each);
  };
}

/** The standard streams of a child process, and in place of what native code has open to it the null device. */
export function onlyStreams(streams: readonly Side[]): Side[] {
  const all = [...streams];
  for (const descriptor of open) {
    if (descriptor < streams.length) continue;
    nothing ??= openSync('/dev/null', 'r');
    while (all.length <= descriptor) all.push('ignore');
    all[descriptor] = nothing;
  }
  return all;
}
