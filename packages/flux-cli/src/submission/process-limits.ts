/** The soft resource limits of this process by flux's names, -1 for unlimited. */
import { readFileSync } from 'node:fs';

const names: Readonly<Record<string, string>> = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max resident set': 'rss',
  'Max processes': 'nproc',
  'Max open files': 'nofile',
  'Max locked memory': 'memlock',
  'Max address space': 'as',
  'Max pending signals': 'sigpending',
  'Max msgqueue size': 'msgqueue',
  'Max nice priority': 'nice',
  'Max realtime priority': 'rtprio',
  'Max realtime timeout': 'rttime',
};

/** Empty where the system does not tell (no `/proc`): the job then has the limits of its broker. */
export function processLimits(): Record<string, number> {
  try {
    return parseLimits(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return {};
  }
}

/** Reads the table of `/proc/PID/limits`. */
export function parseLimits(table: string): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const line of table.split('\n')) {
    const match = /^(Max [a-z ]+?) {2,}(\S+)/.exec(line);
    const name = match && names[match[1]!];
    if (name) limits[name] = match[2] === 'unlimited' ? -1 : Number(match[2]);
  }
  return limits;
}
