/** One link per MiniCluster whose lead broker runs. */
import type { Idset } from '@ebb/flux-formats';
import type { ResolvedMiniCluster } from '@ebb/minicluster';
import type { Logger } from 'pino';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { FluxLink } from './flux-link.ts';
import type { FluxView } from './flux-view.ts';
import { relayCommand } from './relay.ts';

/** What the reconciler needs of Flux; tests put a simulated instance behind it. */
export interface FluxLinks {
  /** What Flux says, linking to this pod if there is no link yet; undefined while it cannot be asked. */
  viewOf(key: string, cluster: ResolvedMiniCluster, pod: string | undefined): FluxView | undefined;
  /** Whether a link that was asked for has not answered yet, and may still. */
  isAwaited(key: string): boolean;
  drain(key: string, ranks: Idset, target: number): Promise<void>;
  undrain(key: string, ranks: Idset): Promise<void>;
  setExcluded(key: string, excluded: string): Promise<void>;
  close(key: string): void;
}

export interface RelayLinksOptions {
  api: KubernetesApi;
  log: Logger;
  onChange: (key: string) => void;
}

/** What fails longer is not about to start, and not about to end. */
const warnAfterMs = 30_000;

export class RelayLinks implements FluxLinks {
  readonly #options: RelayLinksOptions;
  readonly #links = new Map<string, FluxLink>();

  constructor(options: RelayLinksOptions) {
    this.#options = options;
  }

  viewOf(key: string, cluster: ResolvedMiniCluster, pod: string | undefined): FluxView | undefined {
    const watchesQueue = cluster.scaling.autoscale !== undefined;
    const known = this.#links.get(key);
    if (known && known.pod === pod && known.watchesQueue === watchesQueue) return known.view;
    this.close(key);
    if (!pod) return undefined;
    const { api, log, onChange } = this.#options;
    const { mountPath } = cluster.flux.container;
    let failingSince: number | undefined;
    const link: FluxLink = new FluxLink({
      api,
      watchesQueue,
      repairs: cluster.scaling.capacity !== undefined,
      target: {
        namespace: cluster.namespace,
        pod,
        container: cluster.name,
        command: relayCommand(mountPath, cluster.flux.disableSocket),
      },
      onChange: () => {
        if (link.view) failingSince = undefined;
        onChange(key);
      },
      onError: (error) => {
        failingSince ??= performance.now();
        const isNews = performance.now() - failingSince > warnAfterMs;
        // Once: each further try is of interest to few.
        if (isNews) failingSince = Number.POSITIVE_INFINITY;
        log[isNews ? 'warn' : 'debug']({ err: error, minicluster: key, pod }, 'Flux cannot be asked; trying again');
      },
    });
    this.#links.set(key, link);
    return link.view;
  }

  isAwaited(key: string): boolean {
    return this.#links.get(key)?.isAwaited ?? false;
  }

  async drain(key: string, ranks: Idset, target: number): Promise<void> {
    const link = this.#link(key);
    await link.drain(ranks, target);
    await link.refresh();
  }

  async undrain(key: string, ranks: Idset): Promise<void> {
    const link = this.#link(key);
    await link.undrain(ranks);
    await link.refresh();
  }

  async setExcluded(key: string, excluded: string): Promise<void> {
    await this.#link(key).setExcluded(excluded);
  }

  close(key: string): void {
    this.#links.get(key)?.close();
    this.#links.delete(key);
  }

  closeAll(): void {
    for (const key of [...this.#links.keys()]) this.close(key);
  }

  #link(key: string): FluxLink {
    const link = this.#links.get(key);
    if (!link) throw new Error(`no link to the lead broker of ${key}`);
    return link;
  }
}
