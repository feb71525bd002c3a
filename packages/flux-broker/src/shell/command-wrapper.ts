// Programs that a task's command is run by, because Node cannot set limits and affinity of what it starts.
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { FluxError } from '@ebb/flux-client';
import { errnoNumber } from '@ebb/flux-formats';

/** Path of a command as a shell finds it. @throws FluxError ENOENT, EACCES */
export function findCommand(name: string, path: string | undefined, cwd: string): string {
  const folders = name.includes('/') ? [cwd] : (path ?? '/usr/bin:/bin').split(delimiter);
  let failure = new FluxError('ENOENT');
  for (const folder of folders) {
    const candidate = name.includes('/') ? resolve(cwd, name) : join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch (error) {
      const found = FluxError.of(error as NodeJS.ErrnoException);
      if (found.errno === errnoNumber('EACCES')) failure = found;
    }
  }
  throw failure;
}

const limitNames: Readonly<Record<string, string>> = {
  cpu: 'Max cpu time',
  fsize: 'Max file size',
  data: 'Max data size',
  stack: 'Max stack size',
  core: 'Max core file size',
  nofile: 'Max open files',
  ofile: 'Max open files',
  as: 'Max address space',
  rss: 'Max resident set',
  nproc: 'Max processes',
  memlock: 'Max locked memory',
  msgqueue: 'Max msgqueue size',
  nice: 'Max nice priority',
  rtprio: 'Max realtime priority',
  rttime: 'Max realtime timeout',
  sigpending: 'Max pending signals',
};

interface Limit {
  readonly soft: number;
  readonly hard: number;
}

/** Limits of this process by the name of the shell option. Infinity: unlimited. */
export function parseLimits(text: string): Map<string, Limit> {
  const limits = new Map<string, Limit>();
  for (const [name, title] of Object.entries(limitNames)) {
    const match = new RegExp(`^${title}\\s+(\\S+)\\s+(\\S+)`, 'm').exec(text);
    const value = (word: string) => (word === 'unlimited' ? Number.POSITIVE_INFINITY : Number(word));
    if (match) limits.set(name, { soft: value(match[1]!), hard: value(match[2]!) });
  }
  return limits;
}

/**
 * Options of prlimit(1) for soft limits that differ from the ones in force; none when all are as they should be.
 * -1 stands for unlimited. `warn` hears of what cannot be had.
 */
export function limitOptions(
  wanted: Readonly<Record<string, unknown>>,
  limits: ReadonlyMap<string, Limit>,
  log: (level: number, text: string) => void,
): string[] {
  const options: string[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const limit = limits.get(name);
    if (!limit || !Number.isInteger(value)) {
      log(3, `invalid shell option rlimit.${name}=${JSON.stringify(value)}`);
      continue;
    }
    let soft = (value as number) < 0 ? Number.POSITIVE_INFINITY : (value as number);
    if (soft > limit.hard) {
      log(4, `${name} exceeds current max, raising value to hard limit`);
      soft = limit.hard;
    }
    if (soft === limit.soft) continue;
    const text = soft === Number.POSITIVE_INFINITY ? 'unlimited' : String(soft);
    options.push(`--${name === 'ofile' ? 'nofile' : name}=${text}:`);
  }
  return options;
}

let own: Map<string, Limit> | undefined;

/** Limits of this process; none where the system does not show them. */
export function ownLimits(): ReadonlyMap<string, Limit> {
  if (own) return own;
  try {
    own = parseLimits(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    own = new Map();
  }
  return own;
}
