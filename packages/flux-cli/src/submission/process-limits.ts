/** The soft resource limits of this process by flux's names, -1 for unlimited. */
import { readFileSync } from 'node:fs';

/** In the order of flux's jobspecs. */
const names: Readonly<Record<string, string>> = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max open files': 'nofile',
  'Max address space': 'as',
  'Max resident set': 'rss',
  'Max processes': 'nproc',
  'Max locked memory': 'memlock',
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
  const found = new Map<string, number>();
  for (const line of table.split('\n')) {
    const match = /^(Max [a-z ]+?) {2,}(\S+)/.exec(line);
    if (match) found.set(match[1]!, match[2] === 'unlimited' ? -1 : Number(match[2]));
  }
  const limits: Record<string, number> = {};
  for (const [title, name] of Object.entries(names)) {
    const limit = found.get(title);
    if (limit !== undefined) limits[name] = limit;
  }
  return limits;
}
