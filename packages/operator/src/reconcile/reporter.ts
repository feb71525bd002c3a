/** What the operator says of a MiniCluster: its status and events about it. */
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject, MiniCluster, MiniClusterStatus } from '@ebb/minicluster';
import type { Logger } from 'pino';
import { ApiError } from '../kubernetes/api-error.ts';
import { sleep } from '../kubernetes/informer.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { miniClusters } from '../kubernetes/resources.ts';
import { recordEvent } from '../report/event-recorder.ts';
import type { Metrics } from '../report/metrics.ts';
import type { EventDraft } from './action.ts';
import type { Caches } from './caches.ts';
import { conditionOf, conditionsFrom, isTrue } from './conditions.ts';
import type { Plan } from './plan.ts';
import { note, type StatusHistory, statusDue, told } from './status-timing.ts';

const eventTries = 8;
const eventPauseMs = 100;
const mostEventPauseMs = 2000;

export interface ReporterOptions {
  api: KubernetesApi;
  caches: Caches;
  log: Logger;
  metrics: Metrics;
  now: () => number;
}

/** Why a MiniCluster cannot be reconciled. */
export interface Refusal {
  readonly reason: 'InvalidSpec' | 'NameTaken' | 'ApiRefused';
  readonly message: string;
  /** What the status of one that never ran says. */
  readonly phase: 'Invalid' | 'Pending';
}

export class Reporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Writes the status if it is due. @returns milliseconds until one that was held back is due */
  async report(
    cluster: MiniCluster,
    plan: Pick<Plan, 'status' | 'trouble' | 'awaitsPods'>,
    history: StatusHistory,
  ): Promise<number | undefined> {
    const now = this.#options.now();
    note(history, plan, now);
    const due = statusDue(cluster.status, plan.status, history, now);
    if (due !== 0) return due;
    await this.write(cluster, plan.status, history);
    return undefined;
  }

  /** Writes the status now, unless it is so already. */
  async write(cluster: MiniCluster, status: MiniClusterStatus, history: StatusHistory): Promise<void> {
    if (isDeepStrictEqual(status, cluster.status)) return;
    const { api, caches, metrics, now } = this.#options;
    const finished = conditionOf(status.conditions, 'Finished');
    // An event comes before what would make it unnecessary: whoever dies in between tells it again, to no effect.
    if (finished?.status === 'True' && !isTrue(cluster.status?.conditions, 'Finished')) {
      const type = status.phase === 'Succeeded' ? 'Normal' : 'Warning';
      await this.tell(cluster, { type, reason: finished.reason, message: finished.message });
    }
    caches.put(miniClusters, await api.update({ ...(cluster as unknown as KubernetesObject), status }, 'status'));
    told(history, now());
    metrics.report(`${cluster.metadata.namespace}/${cluster.metadata.name}`, status);
  }

  /** Events are for people: one that cannot be written, after some tries, holds nothing up. */
  async tell(cluster: MiniCluster, event: EventDraft): Promise<void> {
    const { api, log, now } = this.#options;
    for (let left = eventTries; ; left -= 1) {
      try {
        return await recordEvent(api, cluster, event, new Date(now()));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (left > 1 && !error.isPermanent && !error.isNotFound) {
          await sleep(Math.min(error.retryAfterMs ?? eventPauseMs, mostEventPauseMs));
          continue;
        }
        return log.warn({ err: error, reason: event.reason }, 'An event could not be written');
      }
    }
  }

  /** Says why a MiniCluster cannot be reconciled. */
  async refuse(cluster: MiniCluster, { reason, message, phase }: Refusal): Promise<void> {
    const { api, caches, log, now } = this.#options;
    const generation = cluster.metadata.generation ?? 0;
    const before = cluster.status;
    const degraded = { type: 'Degraded', status: 'True', reason, message: message.slice(0, 4000) } as const;
    const status: MiniClusterStatus = {
      ...(before ?? { size: 0, selector: '', jobid: '', maximumSize: 0 }),
      phase: before?.size ? (before.phase ?? phase) : phase,
      observedGeneration: generation,
      conditions: [
        ...(before?.conditions ?? []).filter((each) => each.type !== 'Degraded'),
        ...conditionsFrom(before?.conditions, [degraded], generation, now()),
      ],
    };
    if (isDeepStrictEqual(status, before)) return;
    log.warn(
      { minicluster: `${cluster.metadata.namespace}/${cluster.metadata.name}`, problems: message },
      'The MiniCluster cannot be reconciled',
    );
    await this.tell(cluster, { type: 'Warning', reason, message: message.slice(0, 1000) });
    caches.put(miniClusters, await api.update({ ...(cluster as unknown as KubernetesObject), status }, 'status'));
  }
}
