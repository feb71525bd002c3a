// What the machines themselves say they have, when no configuration says it. Every broker reports its own host; rank 0
// puts the reports together (flux-core: resource/topo.c).

import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Idset, ResourceSet } from '@ebb/flux-formats';

export interface HostReport {
  rank: number;
  host: string;
  /** Idset of cores. */
  cores: string;
  /** Idset of gpus, may be empty. */
  gpus: string;
}

/** What this machine has. */
export function discoverHost(rank: number, host: string): HostReport {
  return { rank, host, cores: firstIds(availableParallelism()), gpus: firstIds(countGpus()) };
}

export class Discovery {
  readonly #size: number;
  readonly #onComplete: (resources: ResourceSet) => void;
  readonly #reports = new Map<number, HostReport>();
  #isDone = false;

  constructor(size: number, onComplete: (resources: ResourceSet) => void) {
    this.#size = size;
    this.#onComplete = onComplete;
  }

  addOwn(rank: number, host: string): void {
    this.add(discoverHost(rank, host));
  }

  add(report: unknown): void {
    if (this.#isDone || !isReport(report) || report.rank >= this.#size) return;
    this.#reports.set(report.rank, report);
    if (this.#reports.size < this.#size) return;
    this.#isDone = true;
    this.#onComplete(resourcesOf([...this.#reports.values()]));
  }
}

/** One set of all reports. */
export function resourcesOf(reports: readonly HostReport[]): ResourceSet {
  const ordered = [...reports].sort((a, b) => a.rank - b.rank);
  return ResourceSet.parse({
    version: 1,
    execution: {
      R_lite: ordered.map(({ rank, cores, gpus }) => ({
        rank: String(rank),
        children: gpus === '' ? { core: cores } : { core: cores, gpu: gpus },
      })),
      starttime: 0,
      expiration: 0,
      nodelist: ordered.map(({ host }) => host),
    },
  });
}

function isReport(value: unknown): value is HostReport {
  const { rank, host, cores, gpus } = (value ?? {}) as Partial<HostReport>;
  return Number.isInteger(rank) && typeof host === 'string' && typeof cores === 'string' && typeof gpus === 'string';
}

function firstIds(count: number): string {
  return count === 0 ? '' : Idset.range(0, count - 1).toString();
}

/** NVIDIA devices have a numbered file each. */
function countGpus(): number {
  try {
    return readdirSync('/dev').filter((name) => /^nvidia[0-9]+$/.test(name)).length;
  } catch {
    return 0;
  }
}
