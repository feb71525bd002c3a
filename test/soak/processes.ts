/** The processes that came of this one, whoever their parent is by now: Linux tells by /proc. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly command: string;
  /** What it takes for the name of its host, if it was told one. */
  readonly host: string | undefined;
}

/**
 * @param folder what they have in their environment, their command or as their working directory, or what is mounted for
 *   them alone, as for pods; descendants of this process need nothing of it
 */
export function processesOf(folder: string): Process[] {
  const parents = new Map<number, number>();
  const found = new Map<number, Process>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [stat, command, environment] = ['stat', 'cmdline', 'environ'].map((file) => read(`/proc/${pid}/${file}`));
    if (!stat) continue;
    // State and parent stand behind the name, which is in parentheses and may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') continue;
    parents.set(pid, Number(parent));
    const text = (command ?? '').replaceAll('\0', ' ').trim();
    const host = /(?:^|\0)HOSTNAME=([^\0]*)/.exec(environment ?? '')?.[1];
    found.set(pid, { pid, command: text, host });
    if (
      ![text, environment, link(pid, 'cwd'), ownMounts(pid)].some((each) => each?.includes(folder)) &&
      !descends(pid, parents)
    )
      found.delete(pid);
  }
  return [...found.values()];
}

/** Whether it is a broker, of Ebb's own Flux or of flux-core. */
export function isBroker({ command }: Process): boolean {
  return /^(\S*flux-)?broker[- ]/.test(command);
}

/** Memory that a process has now, in MiB. @throws Error once it has ended */
export function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Open files, sockets and pipes of a process. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Parents have lower process ids than their children, but for the rare turn of the numbers, so they are known by now. */
function descends(pid: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (parents.get(at) === process.pid) return true;
  }
  return false;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

/** What is mounted where the process runs, unless that is where we run ourselves. */
function ownMounts(pid: number): string | undefined {
  const namespace = link(pid, 'ns/mnt');
  return namespace === link(process.pid, 'ns/mnt') ? undefined : read(`/proc/${pid}/mountinfo`);
}

function link(pid: number, name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}
