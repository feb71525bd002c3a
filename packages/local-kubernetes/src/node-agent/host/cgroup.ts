// Limits of memory and processor for containers: a control group for each, below one of the agent's own, and between
// them one for a pod whose containers share limits. Both versions of control groups (cgroups(7)); the values are those
// that kubelet and runc write.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { q } from './shell-word.ts';

const mountPoint = '/sys/fs/cgroup';
/** Microseconds. */
export const quotaPeriod = 100_000;
export const leastShares = 2;

/** What a container, or a whole pod, may have; absent without a limit. */
export interface Limits {
  readonly memoryBytes?: number;
  /** Microseconds of processor time in every 100,000. */
  readonly quota?: number;
  /** Weight against other containers, 1024 for a whole processor. */
  readonly shares: number;
}

/** The control group of one container. */
export class ContainerGroup {
  readonly #folders: readonly string[];
  readonly #version: 1 | 2;

  constructor(folders: readonly string[], version: 1 | 2) {
    this.#folders = folders;
    this.#version = version;
  }

  /** Files to which a process writes `0` to join, with all that it will start. */
  get entrances(): string[] {
    return this.#folders.map((folder) => join(folder, 'cgroup.procs'));
  }

  /** Whether the kernel ended a process here for want of memory. */
  get wasOutOfMemory(): boolean {
    const file = this.#version === 2 ? 'memory.events' : 'memory.oom_control';
    const path = this.#folders.map((folder) => join(folder, file)).find((each) => existsSync(each));
    return path !== undefined && /^oom_kill [1-9]/m.test(readFileSync(path, 'utf8'));
  }

  /** Ends what still runs in the group, and the group. */
  async remove(): Promise<void> {
    for (const folder of this.#folders) await removeGroup(folder);
  }
}

/** The agent's own control groups: one folder in version 2, one for each controller in version 1. */
export class ControlGroups {
  readonly #folders: readonly string[];
  readonly #version: 1 | 2;

  private constructor(folders: readonly string[], version: 1 | 2) {
    this.#folders = folders;
    this.#version = version;
  }

  /**
   * @param key of the agent: what a killed one left under it is ended and removed.
   * @throws Error with what hinders, where this machine lets us make no groups
   */
  static async open(key: string): Promise<ControlGroups> {
    const name = `local-kubernetes-${key}`;
    const groups = existsSync(join(mountPoint, 'cgroup.controllers')) ? unified(name) : divided(name);
    for (const folder of groups.#folders) {
      for (const child of childrenOf(folder)) await removeGroup(child);
    }
    return groups;
  }

  /** @internal for `unified` and `divided` */
  static over(folders: readonly string[], version: 1 | 2): ControlGroups {
    return new ControlGroups(folders, version);
  }

  /** @throws when the kernel refuses a limit */
  make(name: string, limits: Limits): ContainerGroup {
    return new ContainerGroup(this.#foldersOf(name, limits), this.#version);
  }

  /** Groups that share limits. `close` is to be called at their end. @throws when the kernel refuses a limit */
  within(name: string, limits: Limits): ControlGroups {
    const folders = this.#foldersOf(name, limits);
    if (this.#version === 2) for (const folder of folders) enable(folder);
    return new ControlGroups(folders, this.#version);
  }

  #foldersOf(name: string, limits: Limits): string[] {
    const folders = this.#folders.map((folder) => join(folder, name));
    for (const folder of folders) {
      mkdirSync(folder, { recursive: true });
      const values = this.#version === 2 ? unifiedValues(limits) : dividedValues(limits);
      for (const [file, value, isNeeded] of values) {
        const path = join(folder, file);
        if (!existsSync(path)) continue;
        try {
          writeFileSync(path, value);
        } catch (error) {
          if (isNeeded) throw new Error(`${file}: cannot be set to ${value}: ${(error as Error).message}`);
        }
      }
    }
    return folders;
  }

  /** Lines of shell for a caretaker, by which all of it goes. */
  get duties(): string[] {
    return this.#folders.map((folder) => `end_group ${q(folder)}`);
  }

  async close(): Promise<void> {
    for (const folder of this.#folders) await removeGroup(folder);
  }
}

/** The file, its value, and whether the limit is lost without it. */
type Value = readonly [string, string, boolean];

function unifiedValues({ memoryBytes, quota, shares }: Limits): Value[] {
  // As KEP-2254 maps shares to weights.
  const weight = Math.floor(1 + ((Math.max(leastShares, shares) - 2) * 9999) / 262_142);
  return [
    ...(memoryBytes ? ([['memory.max', String(memoryBytes), true]] as const) : []),
    ...(memoryBytes ? ([['memory.swap.max', '0', false]] as const) : []),
    // One process that had too much takes its container with it, as under kubelet.
    ['memory.oom.group', '1', false],
    ...(quota ? ([['cpu.max', `${quota} ${quotaPeriod}`, true]] as const) : []),
    ['cpu.weight', String(weight), false],
  ];
}

function dividedValues({ memoryBytes, quota, shares }: Limits): Value[] {
  return [
    ...(memoryBytes ? ([['memory.limit_in_bytes', String(memoryBytes), true]] as const) : []),
    ...(memoryBytes ? ([['memory.memsw.limit_in_bytes', String(memoryBytes), false]] as const) : []),
    ...(quota ? ([['cpu.cfs_period_us', String(quotaPeriod), true]] as const) : []),
    ...(quota ? ([['cpu.cfs_quota_us', String(quota), true]] as const) : []),
    ['cpu.shares', String(shares), false],
  ];
}

/** Version 2: below the root, or below where this process is, wherever the controllers can be had. */
function unified(name: string): ControlGroups {
  const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
  const failures: string[] = [];
  for (const parent of new Set([mountPoint, join(mountPoint, own, '..'), join(mountPoint, own)])) {
    const folder = join(parent, name);
    if (!parent.startsWith(mountPoint)) continue;
    try {
      enable(parent);
      mkdirSync(folder, { recursive: true });
      enable(folder);
      return ControlGroups.over([folder], 2);
    } catch (error) {
      failures.push((error as Error).message);
      removeIfEmpty(folder);
    }
  }
  throw new Error(failures.join('; '));
}

function enable(folder: string): void {
  const path = join(folder, 'cgroup.subtree_control');
  const has = new Set(readFileSync(path, 'utf8').trim().split(' '));
  if (!has.has('memory')) writeFileSync(path, '+memory');
  if (has.has('cpu')) return;
  try {
    writeFileSync(path, '+cpu');
  } catch {
    // Memory limits without those of processors are better than none.
  }
}

/** Version 1: a hierarchy for each controller. */
function divided(name: string): ControlGroups {
  const made = ['memory', 'cpu', 'pids'].flatMap((controller) => {
    const folder = join(mountPoint, controller, name);
    try {
      if (!existsSync(join(mountPoint, controller))) throw new Error(`${controller} is not mounted`);
      mkdirSync(folder, { recursive: true });
      return [folder];
    } catch (error) {
      if (controller === 'memory') throw error;
      return [];
    }
  });
  return ControlGroups.over(made, 1);
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

/** The dead leave their group a moment after they died. */
async function removeGroup(folder: string): Promise<void> {
  for (const child of childrenOf(folder)) await removeGroup(child);
  for (let tries = 0; existsSync(folder) && tries < 100; tries++) {
    for (const id of membersOf(folder)) {
      try {
        process.kill(id, 'SIGKILL');
      } catch {
        // It has gone.
      }
    }
    if (removeIfEmpty(folder)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function membersOf(folder: string): number[] {
  try {
    const ids = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').map(Number);
    // 0 is a process that this process namespace does not see.
    return ids.filter((id) => id > 1 && id !== process.pid);
  } catch {
    return [];
  }
}

function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}
