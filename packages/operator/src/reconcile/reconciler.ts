/** One pass over one MiniCluster: looks at the caches, has missing objects made, decides, and has the decision carried out. */
import { type MiniCluster, normalize, type ResolvedMiniCluster, registrationOf, validate } from '@ebb/minicluster';
import type { Logger } from 'pino';
import type { FluxLinks } from '../flux/flux-links.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import type { Metrics } from '../report/metrics.ts';
import { hasIdleNodes } from './autoscale.ts';
import type { Caches } from './caches.ts';
import { carryOut } from './carry-out.ts';
import { isTrue } from './conditions.ts';
import { NameTakenError } from './ensure.ts';
import type { Observed } from './observed.ts';
import { OwnObjects } from './own-objects.ts';
import { type Plan, plan } from './plan.ts';
import { podView } from './pod-view.ts';
import { type Refusal, Reporter } from './reporter.ts';
import type { StatusHistory } from './status-timing.ts';

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
interface Memory extends StatusHistory {
  uid: string;
  hasCertificate: boolean;
  drainingSince?: number;
  idleSince?: number;
}

const mostRounds = 6;
/** Nothing tells when a name becomes free, or a quota is raised. */
const lookAgainAfterRefusalMs = 60_000;

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #memories = new Map<string, Memory>();
  readonly #now: () => number;
  readonly #objects: OwnObjects;
  readonly #reporter: Reporter;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#objects = new OwnObjects(options);
    this.#reporter = new Reporter({ ...options, now: this.#now });
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
      const message = problems.map((each) => `${each.field}: ${each.message}`).join('; ');
      await this.#reporter.refuse(cluster, { reason: 'InvalidSpec', message, phase: 'Invalid' });
      return undefined;
    }
    const resolved = normalize(cluster);
    const memory = this.#memoryOf(key, resolved.uid);
    let again: number | undefined;
    for (let round = 0; round < mostRounds; round++) {
      let observed: Observed;
      let decided: Plan;
      let hasActed: boolean;
      try {
        observed = await this.#observe(key, resolved, memory);
        decided = plan(observed);
        hasActed = await this.#act(key, observed, decided, memory);
      } catch (error) {
        await this.#reporter.refuse(caches.cluster(key) ?? cluster, refusalOf(error));
        return lookAgainAfterRefusalMs;
      }
      again = decided.lookAgainMs;
      if (!hasActed) {
        const held = await this.#reporter.report(observed.cluster, decided, memory);
        return held === undefined ? again : Math.min(held, again ?? held);
      }
      if (!caches.cluster(key)) return undefined;
      // These change the MiniCluster itself, and that change comes back here.
      if (decided.actions.some(({ kind }) => kind === 'delete-cluster' || kind === 'patch-size')) return undefined;
    }
    return again ?? 1000;
  }

  #memoryOf(key: string, uid: string): Memory {
    const known = this.#memories.get(key);
    if (known?.uid === uid) return known;
    const fresh: Memory = { uid, hasCertificate: false, writtenAt: 0 };
    this.#memories.set(key, fresh);
    return fresh;
  }

  /** Makes the objects that are missing and gathers what the decision needs. */
  async #observe(key: string, resolved: ResolvedMiniCluster, memory: Memory): Promise<Observed> {
    const { caches, links } = this.#options;
    const cluster = caches.cluster(key) ?? ({} as MiniCluster);
    const cached = this.#objects.cachedJob(resolved);
    // A MiniCluster that says something of itself, and has no Job that we know, may be another operator's.
    const known = cached ?? (cluster.status ? await this.#objects.takeOver(resolved) : undefined);
    const registration = registrationOf(resolved, cluster.status, known);
    if (!known && !memory.hasCertificate) await this.#objects.ensureCertificate(resolved, registration);
    memory.hasCertificate = true;
    const hasRun = isTrue(cluster.status?.conditions, 'Ready');
    const job = await this.#objects.ensureAll(resolved, registration, { job: known, hasRun });
    const views = caches.podsOf(key).flatMap((pod) => {
      const belongs = pod.metadata.ownerReferences?.some((each) => each.uid === job.metadata.uid);
      const view = belongs ? podView(pod, resolved.name) : undefined;
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

  /** @returns whether something was done that has to be looked at */
  async #act(key: string, observed: Observed, decided: Plan, memory: Memory): Promise<boolean> {
    const { log, metrics } = this.#options;
    if (decided.actions.length === 0) return false;
    const isDenied = decided.actions.some((action) => action.kind === 'patch-size' && action.why === 'denied');
    if (decided.log) {
      log.info({ minicluster: key, ...decided.log }, isDenied ? 'Resize denied' : 'Resize accepted');
      metrics.resized(isDenied ? 'denied' : 'accepted');
    }
    const isLast = decided.actions.some((action) => action.kind === 'delete-cluster');
    // How a program failed is forgotten when its container starts again, before the Job ends.
    const hasFailed = decided.status.program?.state === 'Failed';
    // The first status may be held back; what a resize leaves it has to say.
    const isUntold = observed.cluster.status === undefined && decided.log !== undefined;
    // Told before what makes it be forgotten, so that it is not lost if we die in between.
    if (isDenied || isLast || hasFailed || isUntold)
      await this.#reporter.write(observed.cluster, decided.status, memory);
    for (const event of decided.events) await this.#reporter.tell(observed.cluster, event);
    for (const action of decided.actions) {
      if (action.kind === 'drain') memory.drainingSince = this.#now();
      await carryOut(this.#options, key, observed, action);
      if (action.kind === 'patch-job') delete memory.drainingSince;
    }
    return true;
  }
}

/** What trying again at once does not mend. @throws what trying again may mend */
function refusalOf(error: unknown): Refusal {
  if (error instanceof NameTakenError) return { reason: 'NameTaken', message: error.message, phase: 'Invalid' };
  if (!(error instanceof ApiError) || !error.isPermanent) throw error;
  return {
    reason: 'ApiRefused',
    message: `the API server does not take what this becomes: ${error.message}`,
    phase: error.code === 422 ? 'Invalid' : 'Pending',
  };
}
