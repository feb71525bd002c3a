// Keeps what ResourceQuotas say of their use true: admission charges what comes, this counts anew when something goes, has
// ended or has become another thing. Facts: k8s.io/kubernetes pkg/controller/resourcequota.

import { Informer } from '../../client/informer.ts';
import type { CollectionRef } from '../../client/kubernetes-client.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { mapAt } from '../../kinds/columns/read.ts';
import type { Evaluator } from '../../quota/evaluator.ts';
import { evaluatorOf } from '../../quota/evaluators.ts';
import { isSettled, measure, nextStatus } from '../../quota/quota-status.ts';
import { isNeverUsed } from '../../quota/unserved-kinds.ts';
import type { Amounts } from '../../schema/amounts.ts';
import { count } from '../../schema/amounts.ts';
import type { ControllerContext } from '../controller-context.ts';

const quotasRef = { apiVersion: 'v1', plural: 'resourcequotas' };
/** All is counted anew now and then: time alone ends what a pod takes that is not gone when it should be. */
const countAgainMs = 300_000;

/** A kind that quotas count, and the watch over its objects while one does. */
interface Counted {
  readonly collection: CollectionRef;
  readonly evaluator: Evaluator;
}

export interface QuotaController {
  /** Kinds have come or gone. */
  kindsChanged(): void;
  stop(): Promise<void>;
}

/** @param collections the namespaced kinds there are now */
export function startQuotaController(
  { client, log, now }: ControllerContext,
  collections: () => CollectionRef[],
): QuotaController {
  const onError = (error: unknown) => log(String(error));
  const queue = new WorkQueue(sync, { onError: (key, error) => log(`${key}: ${String(error)}`) });
  const watches = new Map<string, Informer>();
  const stopping = new Set<Promise<void>>();
  const keyOf = ({ metadata }: KubernetesObject) => `${metadata.namespace}/${metadata.name}`;
  const quotas = new Informer(client, quotasRef, { onError })
    .onChange((quota, change) => {
      watchCounted();
      // What admission charges is true as it is.
      if (change === 'added' || !isSettled(quota)) queue.add(keyOf(quota));
    })
    .start();

  /** The kinds that a quota counts. */
  function countedBy(quota: KubernetesObject): Counted[] {
    const names = Object.keys(mapAt(quota, 'spec.hard'));
    return collections().flatMap((collection) => {
      const { plural, apiVersion } = collection;
      const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*$/, '') : '';
      const evaluator = evaluatorOf({ group, plural });
      return evaluator && names.some((name) => evaluator.counts(name)) ? [{ collection, evaluator }] : [];
    });
  }

  /** Watches what some quota counts, and nothing else. */
  function watchCounted(): void {
    const counted = new Map(
      quotas.list().flatMap((quota) => countedBy(quota).map((each) => [watchKey(each.collection), each])),
    );
    for (const [key, { collection, evaluator }] of counted) {
      if (!watches.has(key)) watches.set(key, startWatch(collection, evaluator));
    }
    for (const [key, watch] of watches) {
      if (counted.has(key)) continue;
      watches.delete(key);
      const stopped = watch.stop().finally(() => stopping.delete(stopped));
      stopping.add(stopped);
    }
  }

  function startWatch(collection: CollectionRef, evaluator: Evaluator): Informer {
    const isLess = (object: KubernetesObject, before: KubernetesObject | undefined) =>
      before !== undefined && evaluator.isChanged?.(before, object, now()) === true;
    return new Informer(client, collection, { onError })
      .onChange((object, change, before) => {
        if (change !== 'deleted' && !isLess(object, before)) return;
        for (const quota of quotas.list()) {
          if (quota.metadata.namespace !== object.metadata.namespace) continue;
          if (Object.keys(mapAt(quota, 'spec.hard')).some((name) => evaluator.counts(name))) queue.add(keyOf(quota));
        }
      })
      .start();
  }

  async function sync(key: string): Promise<number | undefined> {
    const [namespace, name] = key.split('/') as [string, string];
    const known = quotas.get(namespace, name);
    if (!known) return undefined;
    const counted = countedBy(known);
    // What goes from now on is heard of.
    await Promise.all(counted.map(({ collection }) => watches.get(watchKey(collection))?.synced));
    try {
      // First the quota and then what it counts: who is charged in between makes it another, and all is counted again.
      const quota = await client.get({ ...quotasRef, namespace, name });
      const status = nextStatus(quota, await used(quota, counted));
      if (status) await client.update({ ...quotasRef, namespace, name, subresource: 'status' }, { ...quota, status });
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return undefined;
      if (error instanceof StatusError && error.code === 409) return 0;
      throw error;
    }
    return countAgainMs;
  }

  async function used(quota: KubernetesObject, counted: readonly Counted[]): Promise<Amounts> {
    const { namespace } = quota.metadata;
    const measured = await Promise.all(
      counted.map(async ({ collection, evaluator }) => {
        const { items } = await client.list({ ...collection, namespace: namespace! });
        return [...measure(quota, evaluator, items, now())];
      }),
    );
    const unserved = Object.keys(mapAt(quota, 'spec.hard')).filter(isNeverUsed);
    return new Map([...unserved.map((name) => [name, count(0)] as const), ...measured.flat()]);
  }

  return {
    kindsChanged() {
      watchCounted();
      for (const quota of quotas.list()) if (!isSettled(quota)) queue.add(keyOf(quota));
    },
    async stop() {
      await Promise.all([quotas, ...watches.values()].map((each) => each.stop()));
      await Promise.all(stopping);
      await queue.stop();
    },
  };
}

const watchKey = ({ apiVersion, plural }: CollectionRef) => `${apiVersion}/${plural}`;
