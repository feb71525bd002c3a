/** Flux instances that follow the pods of a simulated cluster: a rank is online while its pod runs. */
import { Idset } from '@ebb/flux-formats';
import { indexLabel, type ResolvedMiniCluster } from '@ebb/minicluster';
import type { FluxLinks } from '../flux/flux-links.ts';
import { drainReason, type FluxView } from '../flux/flux-view.ts';
import type { SimulatedCluster } from './simulated-cluster.fixture.ts';

export class SimulatedFlux implements FluxLinks {
  readonly #cluster: SimulatedCluster;
  /** Whether the relay works. */
  isReachable = true;
  /** Whether it is still to be reached for the first time. */
  isComing = false;
  /** Ranks whose brokers are not up, though their pods run. */
  down = Idset.of([]);
  /** Ranks that run jobs. */
  allocated = Idset.of([]);
  excluded = Idset.of([]);
  pendingNodes = 0;
  readonly drained = new Map<number, string>();
  readonly calls: string[] = [];

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
  }

  viewOf(_key: string, cluster: ResolvedMiniCluster, pod: string | undefined): FluxView | undefined {
    if (!pod || !this.isReachable) return undefined;
    const ranks = this.#cluster
      .all('pods')
      .filter((each) =>
        each.metadata.ownerReferences?.some((owner) => owner.kind === 'Job' && owner.name === cluster.name),
      )
      .map((each) => Number(each.metadata.annotations?.[indexLabel]));
    return {
      online: Idset.of(ranks).subtract(this.down),
      allocated: this.allocated,
      excluded: this.excluded,
      drained: new Map(this.drained),
      pendingNodes: this.pendingNodes,
    };
  }

  isAwaited(): boolean {
    return !this.isReachable && this.isComing;
  }

  async drain(_key: string, ranks: Idset, target: number): Promise<void> {
    if (!this.isReachable) throw new Error('unreachable');
    this.calls.push(`drain ${ranks}`);
    for (const rank of ranks) if (!this.drained.has(rank)) this.drained.set(rank, `${drainReason} to ${target}`);
  }

  async undrain(_key: string, ranks: Idset): Promise<void> {
    this.calls.push(`undrain ${ranks}`);
    for (const rank of ranks) this.drained.delete(rank);
  }

  async setExcluded(_key: string, excluded: string): Promise<void> {
    this.calls.push(`exclude ${excluded}`);
    this.excluded = Idset.parse(excluded);
  }

  close(): void {}
}
