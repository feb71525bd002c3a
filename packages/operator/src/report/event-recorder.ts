/** Kubernetes Events about MiniClusters. One that was told already is not told again: its name follows from what it says. */
import { createHash } from 'node:crypto';
import type { MiniCluster } from '@ebb/minicluster';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import type { EventDraft } from '../reconcile/action.ts';

/** @throws ApiError when the event cannot be written; one that exists already is none */
export async function recordEvent(
  api: KubernetesApi,
  cluster: MiniCluster,
  draft: EventDraft,
  now: Date = new Date(),
): Promise<void> {
  const { name, namespace = 'default', uid, generation, resourceVersion } = cluster.metadata;
  const digest = createHash('sha256')
    .update(`${uid}/${generation}/${draft.reason}/${draft.message}`)
    .digest('hex')
    .slice(0, 16);
  const time = `${now.toISOString().slice(0, 19)}Z`;
  try {
    await api.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${digest}`, namespace },
      involvedObject: {
        apiVersion: cluster.apiVersion,
        kind: cluster.kind,
        name,
        namespace,
        ...(uid ? { uid } : {}),
        ...(resourceVersion ? { resourceVersion } : {}),
      },
      type: draft.type,
      reason: draft.reason,
      message: draft.message,
      source: { component: 'ebb-operator' },
      reportingComponent: 'ebb-operator',
      reportingInstance: process.env['POD_NAME'] ?? 'ebb-operator',
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    });
  } catch (error) {
    // Another conflict, such as over a quota that is being counted, says nothing of the event.
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
  }
}
