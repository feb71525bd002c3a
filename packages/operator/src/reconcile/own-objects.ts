/** The objects of one MiniCluster: makes what is missing, mends what differs, and takes over a Job that upstream made. */
import {
  type DesiredContext,
  desiredObjects,
  type KubernetesObject,
  ownedLabels,
  type Registration,
  type ResolvedMiniCluster,
  specHashAnnotation,
} from '@ebb/minicluster';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { configMaps, jobs, resourceOf } from '../kubernetes/resources.ts';
import type { Caches } from './caches.ts';
import { ensure, ensureCertificate, isOwned, NameTakenError } from './ensure.ts';

export interface OwnObjectsOptions {
  api: KubernetesApi;
  caches: Caches;
  /** Adds a NetworkPolicy for each MiniCluster. */
  networkPolicy?: boolean;
  /** Domain of the cluster's names where a pod cannot find it out. */
  clusterDomain?: string;
}

/** What is known of the objects of a MiniCluster before they are looked at. */
export interface Known {
  /** The Job, if there is one. */
  job: KubernetesObject | undefined;
  /** Whether the instance has run with all its brokers. */
  hasRun: boolean;
}

export class OwnObjects {
  readonly #options: OwnObjectsOptions;

  constructor(options: OwnObjectsOptions) {
    this.#options = options;
  }

  /** The Job of the MiniCluster as the cache has it, unless it is another's or is being deleted. */
  cachedJob(cluster: ResolvedMiniCluster): KubernetesObject | undefined {
    const found = this.#options.caches.get(jobs, cluster.namespace, cluster.name);
    return found && isOwned(found, cluster) && !found.metadata.deletionTimestamp ? found : undefined;
  }

  /** Makes the Secret with the certificate unless it is there. @throws NameTakenError when it is another's */
  async ensureCertificate(cluster: ResolvedMiniCluster, registration: Registration): Promise<void> {
    if (cluster.flux.curveCertSecret) return;
    await ensureCertificate(
      this.#options.api,
      cluster,
      (certificate) => desiredObjects(cluster, { certificate, registration })[0] as KubernetesObject,
    );
  }

  /**
   * Makes and mends the objects, but for the Secret.
   * @returns the Job
   * @throws NameTakenError when an object of one of the names is another's
   */
  async ensureAll(
    cluster: ResolvedMiniCluster,
    registration: Registration,
    { job: known, hasRun }: Known,
  ): Promise<KubernetesObject> {
    const { api, caches, networkPolicy, clusterDomain } = this.#options;
    const { namespace } = cluster;
    const written = this.#writtenQuorum(cluster);
    const context: DesiredContext = {
      certificate: '',
      registration,
      ...(known && written !== undefined ? { quorum: { written, hasRun } } : {}),
      ...(networkPolicy ? { networkPolicy } : {}),
      ...(clusterDomain ? { clusterDomain } : {}),
    };
    const isUpstreams = known !== undefined && known.metadata.annotations?.[specHashAnnotation] === undefined;
    const isOver = known !== undefined && isJobOver(known);
    let job = known;
    for (const wanted of desiredObjects(asStarted(cluster, known), context)) {
      if (wanted.kind === 'Secret') continue;
      if (wanted.kind === 'Job') {
        job ??= await this.#ensureJob(cluster, wanted);
      } else if (wanted.kind === 'ConfigMap' && isUpstreams) {
        // The pods of its Job mount what our scripts do not use: they need the scripts they were made for.
      } else if (!isOver) {
        const resource = resourceOf(wanted);
        const cached =
          wanted.kind === 'NetworkPolicy' ? undefined : caches.get(resource, namespace, wanted.metadata.name);
        // A pod cannot be changed once it is there.
        if (wanted.kind === 'Pod' && cached && isOwned(cached, cluster)) continue;
        if (wanted.kind === 'NetworkPolicy' && known) continue;
        const now = await ensure(api, cluster, wanted, cached);
        if (now) caches.put(resource, now);
      }
    }
    return job as KubernetesObject;
  }

  /**
   * The Job that the upstream operator made, labelled as ours; it stands as it is, for its template cannot be changed.
   * @returns undefined when there is none
   * @throws NameTakenError when the Job of that name is another's
   */
  async takeOver(cluster: ResolvedMiniCluster): Promise<KubernetesObject | undefined> {
    const { api, caches } = this.#options;
    const { namespace, name } = cluster;
    const there = await api.get(jobs, namespace, name).catch((error: unknown) => {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    });
    if (!there) return undefined;
    if (there.metadata.deletionTimestamp) throw new ApiError(409, 'BeingDeleted', `Job ${name} is still being deleted`);
    if (!isOwned(there, cluster))
      throw new NameTakenError(`Job ${name} belongs to someone else: rename it, or choose another name here`);
    const { resourceVersion } = there.metadata;
    const job = await api.patch(jobs, namespace, name, {
      metadata: { labels: ownedLabels(cluster), resourceVersion },
    });
    caches.put(jobs, job);
    return job;
  }

  async #ensureJob(cluster: ResolvedMiniCluster, wanted: KubernetesObject): Promise<KubernetesObject> {
    const { api, caches } = this.#options;
    let job: KubernetesObject;
    try {
      job = await api.create(wanted);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isConflict) throw error;
      const there = await this.takeOver(cluster);
      if (!there) throw error;
      return there;
    }
    caches.put(jobs, job);
    return job;
  }

  #writtenQuorum({ namespace, name }: ResolvedMiniCluster): number | undefined {
    const map = this.#options.caches.get(configMaps, namespace, `${name}-entrypoint`);
    const written = Number.parseInt((map?.['data'] as Record<string, string> | undefined)?.['quorum'] ?? '', 10);
    return Number.isInteger(written) ? written : undefined;
  }
}

/** The name under which brokers find each other stays as the Job has it: the pods of a Job cannot take another. */
function asStarted(cluster: ResolvedMiniCluster, job: KubernetesObject | undefined): ResolvedMiniCluster {
  const { template } = (job?.['spec'] ?? {}) as { template?: { spec?: { subdomain?: string } } };
  const headlessName = template?.spec?.subdomain;
  return headlessName ? { ...cluster, headlessName } : cluster;
}

function isJobOver(job: KubernetesObject): boolean {
  const { conditions = [] } = (job['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((each) => (each.type === 'Complete' || each.type === 'Failed') && each.status === 'True');
}
