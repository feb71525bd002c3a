/** Carries out what was planned for one MiniCluster: each action is one change of the cluster or of the Flux instance. */
import { indexLabel, upstreamIndexLabel } from '@ebb/minicluster';
import type { Logger } from 'pino';
import type { FluxLinks } from '../flux/flux-links.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { jobs, miniClusters, pods } from '../kubernetes/resources.ts';
import type { Action } from './action.ts';
import type { Caches } from './caches.ts';
import type { Observed } from './observed.ts';

export interface CarryOutOptions {
  api: KubernetesApi;
  caches: Caches;
  links: FluxLinks;
  log: Logger;
}

/** @param key NAMESPACE/NAME */
export async function carryOut(
  { api, caches, links, log }: CarryOutOptions,
  key: string,
  observed: Observed,
  action: Action,
): Promise<void> {
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
      await api
        .delete(miniClusters, namespace, name, {
          ...(observed.cluster.metadata.uid ? { uid: observed.cluster.metadata.uid } : {}),
        })
        .catch((error: unknown) => {
          // The cache may not have heard yet that it is gone already.
          if (!(error instanceof ApiError) || !error.isNotFound) throw error;
        });
      return;
  }
}
