/**
 * The elastic Indexed Job (KEP-3715, Kubernetes 1.27): one pod per rank, completions and parallelism always equal.
 * Growing and shrinking it is a patch of these two; the highest indexes go first. Failures are counted for each index
 * apart (KEP-3850; dropped by a server before 1.29): a Job makes lost pods anew after 10 s, doubled for each failure before, and
 * seven pods that are lost together, or one by one over months, would have the next one wait for ten minutes.
 */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject } from '../schema/minicluster.ts';
import { setUpFailed, stopped } from '../scripts/broker-script.ts';
import { initContainer, jobContainer } from './containers.ts';
import { ownedLabels, podLabels } from './labels.ts';
import { ownerReference } from './owner-reference.ts';
import { capacityAnnotation, firstSizeAnnotation, type Registration, specHashAnnotation } from './registration.ts';
import { specHash } from './spec-hash.ts';
import { ownVolumes, userVolumes } from './volumes.ts';

/** Status of a process that was killed. */
const killed = 137;
/** The largest number of a field of 32 bits: no index is ever given up. */
const never = 2 ** 31 - 1;

/** @param size pods to start with */
export function jobObject(cluster: ResolvedMiniCluster, registration: Registration, size: number): KubernetesObject {
  const labels = { ...podLabels(cluster), 'hpa-selector': cluster.name };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: cluster.name,
      namespace: cluster.namespace,
      // The API server gives a Job without labels those of its pods, so people look for it by them.
      labels: {
        ...(Object.keys(cluster.jobLabels).length > 0
          ? cluster.jobLabels
          : { ...labels, 'job-name': cluster.name, 'batch.kubernetes.io/job-name': cluster.name }),
        ...ownedLabels(cluster),
      },
      annotations: {
        [capacityAnnotation]: `${registration.capacity}`,
        [firstSizeAnnotation]: `${registration.firstSize}`,
        [specHashAnnotation]: specHash(cluster),
      },
      ownerReferences: [ownerReference(cluster)],
    },
    spec: {
      completionMode: 'Indexed',
      completions: size,
      parallelism: size,
      backoffLimit: cluster.backoffLimit,
      activeDeadlineSeconds: cluster.deadlineSeconds,
      ...(cluster.scaling.suspend ? { suspend: true } : {}),
      // Both need pods that are never restarted in their place.
      ...(cluster.pod.restartPolicy === 'Never'
        ? { backoffLimitPerIndex: never, podFailurePolicy: failurePolicy(cluster) }
        : {}),
      template: {
        metadata: {
          name: cluster.name,
          namespace: cluster.namespace,
          ...(Object.keys(cluster.pod.annotations).length > 0 ? { annotations: cluster.pod.annotations } : {}),
          labels,
        },
        spec: podTemplate(cluster),
      },
    },
  };
}

/**
 * A program that failed is not run again: its status is the Job's. A pod that was killed, stopped or could not set itself
 * up is replaced, and one that had to leave its node does not count.
 */
function failurePolicy(cluster: ResolvedMiniCluster) {
  return {
    rules: [
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      {
        action: 'FailJob',
        onExitCodes: { containerName: cluster.name, operator: 'NotIn', values: [setUpFailed, killed, stopped] },
      },
    ],
  };
}

function podTemplate(cluster: ResolvedMiniCluster): Record<string, unknown> {
  const { pod } = cluster;
  const own = ownVolumes(cluster);
  const user = userVolumes(
    cluster.containers,
    own.map((volume) => volume.name),
  );
  const affinity = affinityOf(cluster);
  const pullSecrets = imagePullSecrets(cluster, [cluster.flux.container, ...cluster.containers]);
  return {
    subdomain: cluster.headlessName,
    setHostnameAsFQDN: false,
    shareProcessNamespace: cluster.shareProcessNamespace,
    ...podFields(cluster),
    ...(pod.schedulerName ? { schedulerName: pod.schedulerName } : {}),
    ...(pod.tolerations.length > 0 ? { tolerations: pod.tolerations } : {}),
    ...(pod.hostIPC ? { hostIPC: true } : {}),
    ...(pod.hostPID ? { hostPID: true } : {}),
    ...(Object.keys(pod.securityContext).length > 0 ? { securityContext: pod.securityContext } : {}),
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets } : {}),
    ...(affinity ? { affinity } : {}),
    initContainers: [initContainer(cluster)],
    containers: cluster.containers.map((each) => jobContainer(cluster, each, user.mounts.get(each) ?? [])),
    volumes: [...own, ...user.volumes],
  };
}

/** What the pods of the Job and the service pod have in common. */
export function podFields(cluster: ResolvedMiniCluster): Record<string, unknown> {
  const { pod } = cluster;
  return {
    restartPolicy: pod.restartPolicy,
    automountServiceAccountToken: pod.automountServiceAccountToken,
    ...(pod.serviceAccountName ? { serviceAccountName: pod.serviceAccountName } : {}),
    ...(pod.nodeSelector ? { nodeSelector: pod.nodeSelector } : {}),
    ...(pod.dnsPolicy ? { dnsPolicy: pod.dnsPolicy } : {}),
    ...(pod.runtimeClassName ? { runtimeClassName: pod.runtimeClassName } : {}),
  };
}

/** Each secret once. */
export function imagePullSecrets(_cluster: ResolvedMiniCluster, containers: readonly { imagePullSecret?: string }[]) {
  const names = containers.flatMap((container) => (container.imagePullSecret ? [container.imagePullSecret] : []));
  return [...new Set(names)].map((name) => ({ name }));
}

/** Brokers like to be in one zone and on different nodes; node affinity that is asked for is required. */
function affinityOf(cluster: ResolvedMiniCluster): Record<string, unknown> | undefined {
  const labelSelector = {
    matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [cluster.name] }],
  };
  const preferred = (topologyKey: string) => ({
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey, labelSelector } }],
  });
  const labels = Object.entries(cluster.pod.nodeAffinity).sort(([a], [b]) => (a < b ? -1 : 1));
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: labels.map(([key, values]) => ({ key, operator: 'In', values })) }],
    },
  };
  const affinity = {
    ...(labels.length > 0 ? { nodeAffinity } : {}),
    ...(cluster.disableAffinity
      ? {}
      : {
          podAffinity: preferred('topology.kubernetes.io/zone'),
          podAntiAffinity: preferred('kubernetes.io/hostname'),
        }),
  };
  return Object.keys(affinity).length > 0 ? affinity : undefined;
}
