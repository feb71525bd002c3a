/**
 * What was settled when the brokers started and cannot change while they run: how many hosts are registered with Flux
 * and how many pods there were at first. It is kept in annotations of the Job, which lives exactly as long as the
 * brokers do, so that it survives any loss of status or of the operator.
 */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject, MiniCluster } from '../schema/minicluster.ts';

export const capacityAnnotation = 'flux-framework.org/capacity';
export const firstSizeAnnotation = 'flux-framework.org/first-size';
export const specHashAnnotation = 'flux-framework.org/spec-hash';

export interface Registration {
  /** Hosts in the brokers' configuration. */
  capacity: number;
  /** Pods at the start: what a command was submitted with, and the quorum. */
  firstSize: number;
  /** The largest size that is accepted now; ranks from here to capacity are hidden. */
  maximum: number;
}

/** The registration of the Job that runs, or the one that a new Job would get. */
export function registrationOf(
  cluster: ResolvedMiniCluster,
  status: MiniCluster['status'],
  job: KubernetesObject | undefined,
): Registration {
  if (!job) {
    const maximum = Math.max(cluster.size, cluster.maxSize ?? 0);
    return { maximum, firstSize: cluster.size, capacity: Math.max(maximum, cluster.scaling.capacity ?? 0) };
  }
  const spec = job['spec'] as { parallelism?: number } | undefined;
  const firstSize = numberIn(job, firstSizeAnnotation) ?? spec?.parallelism ?? cluster.size;
  const capacity =
    numberIn(job, capacityAnnotation) ?? Math.max(status?.capacity ?? 0, status?.maximumSize ?? 0, firstSize);
  const maximum =
    cluster.maxSize === undefined ? defaultMaximum(cluster, firstSize, capacity) : Math.min(cluster.maxSize, capacity);
  return { capacity, firstSize, maximum: Math.max(1, maximum) };
}

/** Without maxSize the first size is the most, and room that capacity makes stays closed until maxSize opens it. */
function defaultMaximum(cluster: ResolvedMiniCluster, firstSize: number, capacity: number): number {
  return cluster.scaling.capacity === undefined ? capacity : firstSize;
}

function numberIn(object: KubernetesObject, annotation: string): number | undefined {
  const value = Number(object.metadata.annotations?.[annotation]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
