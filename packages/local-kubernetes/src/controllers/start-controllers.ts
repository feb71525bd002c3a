// Starts every controller of the embedded Kubernetes on one client.

import { Informer } from '../client/informer.ts';
import type { CollectionRef, KubernetesClient } from '../client/kubernetes-client.ts';
import { builtInKinds } from '../kinds/built-in.ts';
import { type AutoscalerTimings, startAutoscalerController } from './autoscaling/autoscaler-controller.ts';
import type { ControllerContext } from './controller-context.ts';
import { startDisruptionController } from './disruption/disruption-controller.ts';
import { startEndpointSliceController } from './endpoints/endpoint-slices.ts';
import { eventWriter } from './event-writer.ts';
import { startGarbageCollector } from './garbage/garbage-collector.ts';
import { startJobController } from './job/job-controller.ts';
import { startNamespaceController } from './namespace/namespace-controller.ts';
import { type NodeTimings, startNodeLifecycleController } from './nodes/node-lifecycle.ts';
import { type PodCollectorTimings, startPodCollector } from './nodes/pod-collector.ts';
import { startQuotaController } from './quota/quota-controller.ts';
import { startVolumeController } from './volumes/volume-controller.ts';

export interface ControllersOptions {
  readonly clock?: () => Date;
  readonly log?: (text: string) => void;
  /** Where folders for claims of the local storage class are made. */
  readonly volumesFolder?: string;
  /** How long a silent node counts as alive, and its pods as run; how often an autoscaler is looked at. */
  readonly timings?: NodeTimings & PodCollectorTimings & AutoscalerTimings;
}

interface Definition {
  group: string;
  scope: string;
  names: { plural: string };
  versions: { name: string; served: boolean; storage: boolean }[];
}

const definitions = { apiVersion: 'apiextensions.k8s.io/v1', plural: 'customresourcedefinitions' };
/** Kinds that neither own nor are owned by anything worth a watch. */
const unwatched = new Set(['events', 'componentstatuses']);

export function startControllers(
  client: KubernetesClient,
  options: ControllersOptions = {},
): { stop(): Promise<void> } {
  const now = options.clock ?? (() => new Date());
  const log = options.log ?? (() => {});
  const context = (component: string): ControllerContext => ({
    client,
    now,
    log: (text) => log(`${component}: ${text}`),
    events: eventWriter(client, component, now),
  });
  const builtIn = storedCollections();
  const namespaced = new Map<string, CollectionRef>();
  for (const { collection, isNamespaced } of builtIn) {
    if (isNamespaced) namespaced.set(`${collection.apiVersion}/${collection.plural}`, collection);
  }
  const garbage = startGarbageCollector(
    context('garbage-collector'),
    builtIn.map(({ collection }) => collection).filter(({ plural }) => !unwatched.has(plural)),
  );
  const jobs = startJobController(context('job-controller'));
  const slices = startEndpointSliceController(context('endpoint-slice-controller'));
  const volumes = startVolumeController(context('persistentvolume-controller'), options.volumesFolder);
  const budgets = startDisruptionController(context('controllermanager'));
  const autoscalers = startAutoscalerController(context('horizontal-pod-autoscaler'), options.timings);
  const namespaces = startNamespaceController(context('namespace-controller'), () => [...namespaced.values()]);
  const quotas = startQuotaController(context('resourcequota-controller'), () => [...namespaced.values()]);
  const lifecycle = startNodeLifecycleController(context('node-controller'), options.timings);
  const collector = startPodCollector(context('pod-garbage-collector'), options.timings);

  const customs = new Informer(client, definitions, { onError: (error) => log(String(error)) })
    .onChange((object, change) => {
      const { group, names, versions, scope } = object['spec'] as Definition;
      const version =
        versions.find(({ storage, served }) => storage && served) ?? versions.find(({ served }) => served);
      if (!version) return;
      const collection = { apiVersion: `${group}/${version.name}`, plural: names.plural };
      const key = `${collection.apiVersion}/${collection.plural}`;
      const conditions = (object['status'] as { conditions?: { type: string; status: string }[] })?.conditions ?? [];
      if (change === 'deleted') {
        if (namespaced.delete(key)) quotas.kindsChanged();
        garbage.unwatch(collection).catch((error) => log(String(error)));
      } else if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) {
        if (scope === 'Namespaced' && !namespaced.has(key)) {
          namespaced.set(key, collection);
          quotas.kindsChanged();
        }
        garbage.watch(collection);
      }
    })
    .start();

  return {
    async stop() {
      await Promise.all(
        [customs, garbage, jobs, slices, volumes, budgets, autoscalers, namespaces, quotas, lifecycle, collector].map(
          (each) => each.stop(),
        ),
      );
    },
  };
}

/** One collection for each kind that is stored; several versions of a kind count once. */
function storedCollections(): { collection: CollectionRef; isNamespaced: boolean }[] {
  const seen = new Set<string>();
  const collections: { collection: CollectionRef; isNamespaced: boolean }[] = [];
  for (const { group, version, plural, verbs, namespaced, storageVersion, notRun } of builtInKinds) {
    if (notRun || !verbs.includes('watch') || version !== storageVersion || seen.has(`${group}/${plural}`)) continue;
    seen.add(`${group}/${plural}`);
    const apiVersion = group ? `${group}/${version}` : version;
    collections.push({ collection: { apiVersion, plural }, isNamespaced: namespaced });
  }
  return collections;
}
