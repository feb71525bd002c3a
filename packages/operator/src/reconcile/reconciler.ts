/** Carries a plan out: looks at the caches, makes what is missing, decides, writes. Knows no rule of scaling itself. */
import { isDeepStrictEqual } from 'node:util';
import {
  type DesiredContext,
  desiredObjects,
  indexLabel,
  type KubernetesObject,
  type MiniCluster,
  type MiniClusterStatus,
  normalize,
  ownedLabels,
  type Registration,
  type ResolvedMiniCluster,
  registrationOf,
  specHashAnnotation,
  upstreamIndexLabel,
  validate,
} from '@ebb/minicluster';
import type { Logger } from 'pino';
import type { FluxLinks } from '../flux/flux-links.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { configMaps, jobs, miniClusters, pods, resourceOf } from '../kubernetes/resources.ts';
import { recordEvent } from '../report/event-recorder.ts';
import type { Metrics } from '../report/metrics.ts';
import { hasIdleNodes } from './autoscale.ts';
import type { Caches } from './caches.ts';
import { conditionsFrom } from './conditions.ts';
import { ensure, ensureCertificate, isOwned, NameTakenError } from './ensure.ts';
import { type Action, type Observed, type Plan, plan } from './plan.ts';
import { podView } from './pod-view.ts';

export interface ReconcilerOptions {
  api: KubernetesApi;
  caches: Caches;
  links: FluxLinks;
  log: Logger;
  metrics: Metrics;
  now?: () => number;
  /** Adds a NetworkPolicy for each MiniCluster. */
  networkPolicy?: boolean;
  /** Domain of the cluster's names where a pod cannot find it out. */
  clusterDomain?: string;
}

/** What is remembered of a MiniCluster between passes; all of it can be lost. */
interface Memory {
  uid: string;
  hasCertificate: boolean;
  drainingSince?: number;
  idleSince?: number;
  /** When a status that could wait was first held back. */
  statusHeldSince?: number;
  /** When numbers of Flux were last written. */
  statusWrittenAt: number;
}

/** A resize that ends within this time is told once, when it has ended. */
const statusPatienceMs = 1000;
/** Numbers of a busy Flux instance are told at most this often. */
const numbersEveryMs = 5000;
const mostRounds = 6;

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #memories = new Map<string, Memory>();
  readonly #now: () => number;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * One pass over one MiniCluster.
   * @param key NAMESPACE/NAME
   * @returns milliseconds after which to look again, or undefined when it is done until something changes
   */
  async reconcile(key: string): Promise<number | undefined> {
    const { caches, links } = this.#options;
    const cluster = caches.cluster(key);
    if (!cluster || cluster.metadata.deletionTimestamp) {
      links.close(key);
      this.#memories.delete(key);
      this.#options.metrics.forget(key);
      return undefined;
    }
    const problems = validate(cluster);
    if (problems.length > 0) {
      await this.#refuse(cluster, 'InvalidSpec', problems.map((each) => `${each.field}: ${each.message}`).join('; '));
      return undefined;
    }
    const resolved = normalize(cluster);
    const memory = this.#memoryOf(key, resolved.uid);
    let again: number | undefined;
    for (let round = 0; round < mostRounds; round++) {
      const observed = await this.#observe(key, resolved, memory).catch(async (error: unknown) => {
        if (!(error instanceof NameTakenError)) throw error;
        await this.#refuse(caches.cluster(key) ?? cluster, 'NameTaken', error.message);
        return undefined;
      });
      // Nothing tells when a name becomes free.
      if (!observed) return 60_000;
      const decided = plan(observed);
      again = decided.lookAgainMs;
      if (!(await this.#carryOut(key, observed, decided, memory))) {
        const held = await this.#report(observed.cluster, decided, memory);
        return held === undefined ? again : Math.min(held, again ?? held);
      }
      if (!caches.cluster(key)) return undefined;
      if (decided.actions.some((action) => action.kind === 'delete-cluster')) return undefined;
      if (decided.actions.some((action) => action.kind === 'patch-size')) return undefined;
    }
    return again ?? 1000;
  }

  #memoryOf(key: string, uid: string): Memory {
    const known = this.#memories.get(key);
    if (known?.uid === uid) return known;
    const fresh: Memory = { uid, hasCertificate: false, statusWrittenAt: 0 };
    this.#memories.set(key, fresh);
    return fresh;
  }

  /** Makes the objects that are missing and gathers what the decision needs. */
  async #observe(key: string, resolved: ResolvedMiniCluster, memory: Memory): Promise<Observed> {
    const { caches, links } = this.#options;
    const cluster = caches.cluster(key) ?? ({} as MiniCluster);
    const { namespace, name } = resolved;
    const found = caches.get(jobs, namespace, name);
    const cached = found && isOwned(found, resolved) && !found.metadata.deletionTimestamp ? found : undefined;
    // A MiniCluster that says something of itself, and has no Job that we know, may be another operator's.
    const known = cached ?? (cluster.status ? await this.#takeOver(resolved) : undefined);
    const registration = registrationOf(resolved, cluster.status, known);
    const job = await this.#ensureObjects(resolved, registration, known, memory);
    const views = caches.podsOf(key).flatMap((pod) => {
      const belongs = pod.metadata.ownerReferences?.some((each) => each.uid === job.metadata.uid);
      const view = belongs ? podView(pod, name) : undefined;
      return view ? [view] : [];
    });
    const leader = views.find((pod) => pod.index === 0 && pod.isRunning && !pod.isDeleting);
    const flux = links.viewOf(key, resolved, leader?.name);
    const now = this.#now();
    const isIdle = resolved.scaling.autoscale !== undefined && hasIdleNodes({ resolved, flux });
    if (!isIdle) delete memory.idleSince;
    else memory.idleSince ??= now;
    const since = cluster.status?.drain?.since;
    return {
      cluster,
      resolved,
      registration,
      job,
      pods: views,
      flux,
      awaitsFlux: links.isAwaited(key),
      drainingSince: since ? Date.parse(since) : memory.drainingSince,
      idleSince: memory.idleSince,
      now,
    };
  }

  async #ensureObjects(
    resolved: ResolvedMiniCluster,
    registration: Registration,
    known: KubernetesObject | undefined,
    memory: Memory,
  ): Promise<KubernetesObject> {
    const { api, caches, networkPolicy, clusterDomain } = this.#options;
    const { namespace, name } = resolved;
    const written = Number.parseInt(
      (caches.get(configMaps, namespace, `${name}-entrypoint`)?.['data'] as Record<string, string> | undefined)?.[
        'quorum'
      ] ?? '',
      10,
    );
    const context: DesiredContext = {
      certificate: '',
      registration,
      ...(known && Number.isInteger(written) ? { writtenQuorum: written } : {}),
      ...(networkPolicy ? { networkPolicy } : {}),
      ...(clusterDomain ? { clusterDomain } : {}),
    };
    const isUpstreams = known !== undefined && known.metadata.annotations?.[specHashAnnotation] === undefined;
    const isOver = known !== undefined && isJobOver(known);
    let job = known;
    for (const wanted of desiredObjects(resolved, context)) {
      if (wanted.kind === 'Secret') {
        if (memory.hasCertificate || known) continue;
        await ensureCertificate(
          api,
          resolved,
          (certificate) => desiredObjects(resolved, { ...context, certificate })[0] as KubernetesObject,
        );
        memory.hasCertificate = true;
      } else if (wanted.kind === 'Job') {
        job ??= await this.#ensureJob(resolved, wanted);
      } else if (wanted.kind === 'ConfigMap' && isUpstreams) {
        // The pods of its Job mount what our scripts do not use: they need the scripts they were made for.
      } else if (!isOver) {
        const resource = resourceOf(wanted);
        const cached =
          wanted.kind === 'NetworkPolicy' ? undefined : caches.get(resource, namespace, wanted.metadata.name);
        // A pod cannot be changed once it is there.
        if (wanted.kind === 'Pod' && cached && isOwned(cached, resolved)) continue;
        if (wanted.kind === 'NetworkPolicy' && known) continue;
        const now = await ensure(api, resolved, wanted, cached);
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
  async #takeOver(resolved: ResolvedMiniCluster): Promise<KubernetesObject | undefined> {
    const { api, caches } = this.#options;
    const { namespace, name } = resolved;
    const there = await api.get(jobs, namespace, name).catch((error: unknown) => {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    });
    if (!there) return undefined;
    if (there.metadata.deletionTimestamp) throw new ApiError(409, 'BeingDeleted', `Job ${name} is still being deleted`);
    if (!isOwned(there, resolved))
      throw new NameTakenError(`Job ${name} belongs to someone else: rename it, or choose another name here`);
    const { resourceVersion } = there.metadata;
    const job = await api.patch(jobs, namespace, name, {
      metadata: { labels: ownedLabels(resolved), resourceVersion },
    });
    caches.put(jobs, job);
    return job;
  }

  async #ensureJob(resolved: ResolvedMiniCluster, wanted: KubernetesObject): Promise<KubernetesObject> {
    const { api, caches } = this.#options;
    let job: KubernetesObject;
    try {
      job = await api.create(wanted);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isConflict) throw error;
      const there = await this.#takeOver(resolved);
      if (!there) throw error;
      return there;
    }
    caches.put(jobs, job);
    return job;
  }

  /** @returns whether something was done that has to be looked at */
  async #carryOut(key: string, observed: Observed, decided: Plan, memory: Memory): Promise<boolean> {
    const { log, metrics } = this.#options;
    if (decided.actions.length === 0) return false;
    const denies = decided.actions.some((action) => action.kind === 'patch-size');
    if (decided.log)
      log.info(
        { minicluster: key, ...decided.log },
        decided.log['status'] === 'Denied' ? 'Resize denied' : 'Resize accepted',
      );
    if (decided.log) metrics.resized(decided.log['status'] === 'Denied' ? 'denied' : 'accepted');
    // A denial is told before the size is put back, so that it is not lost if we die in between.
    if (denies) await this.#writeStatus(observed.cluster, decided.status, memory);
    for (const event of decided.events) await this.#tell(observed.cluster, event);
    for (const action of decided.actions) await this.#act(key, observed, action, memory);
    return true;
  }

  async #act(key: string, observed: Observed, action: Action, memory: Memory): Promise<void> {
    const { api, caches, links, log } = this.#options;
    const { namespace, name } = observed.resolved;
    switch (action.kind) {
      case 'label-pod': {
        // Kubernetes 1.27 has the index only as an annotation, by which no Service can select.
        const metadata = { labels: { [upstreamIndexLabel]: `${action.index}`, [indexLabel]: `${action.index}` } };
        caches.put(pods, await api.patch(pods, namespace, action.pod, { metadata }));
        return;
      }
      case 'patch-job': {
        const { resourceVersion } = caches.get(jobs, namespace, name)?.metadata ?? observed.job.metadata;
        caches.put(jobs, await api.patch(jobs, namespace, name, { metadata: { resourceVersion }, spec: action.spec }));
        delete memory.drainingSince;
        return;
      }
      case 'patch-size': {
        const { resourceVersion } = caches.cluster(key)?.metadata ?? observed.cluster.metadata;
        const now = await api.patch(miniClusters, namespace, name, {
          metadata: { resourceVersion },
          spec: { size: action.size },
        });
        caches.put(miniClusters, now);
        return;
      }
      case 'drain':
        memory.drainingSince = this.#now();
        log.info(
          { minicluster: key, ranks: action.ranks.toString(), size: action.target },
          'Draining the ranks that will go',
        );
        await links.drain(key, action.ranks, action.target);
        return;
      case 'undrain':
        await links.undrain(key, action.ranks);
        return;
      case 'set-excluded':
        log.info({ minicluster: key, excluded: action.excluded }, 'Changing which registered ranks are hidden');
        await links.setExcluded(key, action.excluded);
        return;
      case 'delete-cluster':
        await api.delete(miniClusters, namespace, name, {
          ...(observed.cluster.metadata.uid ? { uid: observed.cluster.metadata.uid } : {}),
        });
        return;
    }
  }

  /** @returns milliseconds until a status that was held back is due */
  async #report(cluster: MiniCluster, decided: Plan, memory: Memory): Promise<number | undefined> {
    const now = this.#now();
    const { status } = decided;
    if (isDeepStrictEqual(status, cluster.status)) {
      delete memory.statusHeldSince;
      return undefined;
    }
    if (!decided.isStatusUrgent) {
      memory.statusHeldSince ??= now;
      const left = memory.statusHeldSince + statusPatienceMs - now;
      if (left > 0) return left;
    } else if (cluster.status && isDeepStrictEqual(withoutNumbers(status), withoutNumbers(cluster.status))) {
      const left = memory.statusWrittenAt + numbersEveryMs - now;
      if (left > 0) return left;
    }
    await this.#writeStatus(cluster, status, memory);
    return undefined;
  }

  async #writeStatus(cluster: MiniCluster, status: MiniClusterStatus, memory: Memory): Promise<void> {
    if (isDeepStrictEqual(status, cluster.status)) return;
    const { api, caches, metrics } = this.#options;
    const now = await api.update({ ...(cluster as unknown as KubernetesObject), status }, 'status');
    caches.put(miniClusters, now);
    delete memory.statusHeldSince;
    memory.statusWrittenAt = this.#now();
    metrics.report(`${cluster.metadata.namespace}/${cluster.metadata.name}`, status);
    const was = cluster.status?.conditions?.find((each) => each.type === 'Finished')?.status;
    const finished = status.conditions?.find((each) => each.type === 'Finished');
    if (finished?.status === 'True' && was !== 'True') {
      await this.#tell(cluster, {
        type: status.phase === 'Succeeded' ? 'Normal' : 'Warning',
        reason: finished.reason,
        message: finished.message,
      });
    }
  }

  /** Events are for people: one that cannot be written holds nothing up. */
  async #tell(
    cluster: MiniCluster,
    event: { type: 'Normal' | 'Warning'; reason: string; message: string },
  ): Promise<void> {
    try {
      await recordEvent(this.#options.api, cluster, event, new Date(this.#now()));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#options.log.warn({ err: error, reason: event.reason }, 'An event could not be written');
    }
  }

  /** Says why a MiniCluster cannot be reconciled. */
  async #refuse(cluster: MiniCluster, reason: string, message: string): Promise<void> {
    const { api, caches, log } = this.#options;
    const generation = cluster.metadata.generation ?? 0;
    const before = cluster.status;
    const status: MiniClusterStatus = {
      ...(before ?? { size: 0, selector: '', jobid: '', maximumSize: 0 }),
      phase: before?.size ? (before.phase ?? 'Invalid') : 'Invalid',
      observedGeneration: generation,
      conditions: [
        ...(before?.conditions ?? []).filter((each) => each.type !== 'Degraded'),
        ...conditionsFrom(
          before?.conditions,
          [{ type: 'Degraded', status: 'True', reason, message: message.slice(0, 4000) }],
          generation,
          this.#now(),
        ),
      ],
    };
    if (isDeepStrictEqual(status, before)) return;
    log.warn(
      { minicluster: `${cluster.metadata.namespace}/${cluster.metadata.name}`, problems: message },
      'The MiniCluster cannot be reconciled',
    );
    caches.put(miniClusters, await api.update({ ...(cluster as unknown as KubernetesObject), status }, 'status'));
    await this.#tell(cluster, { type: 'Warning', reason, message: message.slice(0, 1000) });
  }
}

/** What changes with every job of a busy instance. */
function withoutNumbers({ nodes: _nodes, ...rest }: MiniClusterStatus): Omit<MiniClusterStatus, 'nodes'> {
  return rest;
}

function isJobOver(job: KubernetesObject): boolean {
  const { conditions = [] } = (job['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((each) => (each.type === 'Complete' || each.type === 'Failed') && each.status === 'True');
}
