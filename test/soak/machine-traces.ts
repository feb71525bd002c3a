/**
 * What a node agent makes on this machine besides processes and files: mounts, links of its pods' network, control groups
 * and its table of addresses. Linux tells by /proc, /sys and ip(8).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Process } from './processes.ts';

const controllers = ['', 'memory', 'cpu', 'pids'].map((name) => join('/sys/fs/cgroup', name));
/** How far below a soak's folder an agent has its own. */
const depth = 4;

export class MachineTraces {
  readonly #folder: string;
  /** Of the agents below the folder, by which they name what they make. */
  readonly #keys: readonly string[];

  /**
   * @param folder below which the agent that runs now has its files
   * @throws Error when no agent below it has a network, without which there is nothing to look at
   */
  constructor(folder: string) {
    this.#folder = folder;
    this.#keys = foldersBelow(folder, depth)
      .map(keyOf)
      .filter((key) => existsSync(`/sys/class/net/lk${key}`));
    if (this.#keys.length === 0) throw new Error(`no node agent below ${folder} has a network for its pods`);
  }

  /** @param processes of the agent and its pods: a network that one of them is in is looked into */
  list(processes: readonly Process[]): string[] {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((place) => place.startsWith(`${this.#folder}/`))
      .map((place) => `mount ${place}`);
    const links = this.#keys.filter((key) => existsSync(`/sys/class/net/lk${key}`)).map((key) => `link lk${key}`);
    const groups = this.#keys.flatMap((key) =>
      controllers
        .map((controller) => join(controller, `local-kubernetes-${key}`))
        .filter((folder) => existsSync(folder))
        .flatMap((folder) => [folder, ...foldersBelow(folder, 1)])
        .map((folder) => `control group ${folder}`),
    );
    const tables = this.#keys.filter((key) => natTables().includes(`local-kubernetes-lk${key}`));
    return [...mounts, ...links, ...groups, ...tables.map((key) => `nat table of lk${key}`), ...linksWithin(processes)];
  }
}

function keyOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 10);
}

function foldersBelow(folder: string, levels: number): string[] {
  if (levels === 0) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .flatMap((each) => [each, ...foldersBelow(each, levels - 1)]);
}

function natTables(): string {
  try {
    return execFileSync('nft', ['list', 'tables'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // Without nft(8) there is no table of ours.
    return '';
  }
}

/** A pod that is gone may leave its side of a cable in the bridge that it hung on. */
function linksWithin(processes: readonly Process[]): string[] {
  const own = readlinkSync('/proc/self/ns/net');
  const inside = new Map<string, number>();
  for (const { pid } of processes) {
    const network = namespaceOf(pid);
    if (network && network !== own) inside.set(network, pid);
  }
  return [...inside.values()].flatMap((pid) => {
    try {
      const text = execFileSync('nsenter', [`--net=/proc/${pid}/ns/net`, 'ip', '-o', 'link'], { encoding: 'utf8' });
      return [...text.matchAll(/^\d+: ([^:@]+)/gm)].map(([, name]) => `link ${name} in a network of its own`);
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}
