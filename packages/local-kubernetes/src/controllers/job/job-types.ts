// The parts of batch/v1 Job and of its pods that the controller reads and writes.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';

export interface JobCondition {
  type: 'Complete' | 'Failed' | 'Suspended' | 'SuccessCriteriaMet' | 'FailureTarget';
  status: 'True' | 'False';
  lastProbeTime: string;
  lastTransitionTime: string;
  reason?: string;
  message?: string;
}

export interface JobStatus {
  active?: number;
  ready?: number;
  terminating?: number;
  succeeded?: number;
  failed?: number;
  startTime?: string;
  completionTime?: string;
  /** Indexes that are done, `0-2,5`. */
  completedIndexes?: string;
  /** Indexes given up, where failures are counted for each index apart. */
  failedIndexes?: string;
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] };
  conditions?: JobCondition[];
}

export interface PodFailureRule {
  action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  onExitCodes?: { containerName?: string; operator: 'In' | 'NotIn'; values: number[] };
  onPodConditions?: { type: string; status?: string }[];
}

export interface JobSpec {
  parallelism?: number;
  completions?: number;
  completionMode?: 'Indexed' | 'NonIndexed';
  backoffLimit?: number;
  backoffLimitPerIndex?: number;
  maxFailedIndexes?: number;
  successPolicy?: { rules?: { succeededIndexes?: string; succeededCount?: number }[] };
  podFailurePolicy?: { rules?: PodFailureRule[] };
  /** Another controller than the built-in one looks after the Job when it is set and not that one's name. */
  managedBy?: string;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  suspend?: boolean;
  podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed';
  selector?: { matchLabels?: Record<string, string> };
  template: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec: Record<string, unknown>;
  };
}

export interface Job extends KubernetesObject {
  spec: JobSpec;
  status?: JobStatus;
}

export interface JobPod extends KubernetesObject {
  spec: { containers: unknown[]; nodeName?: string };
  status?: {
    phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
    conditions?: { type: string; status: string; lastTransitionTime?: string }[];
    containerStatuses?: { restartCount?: number; state?: { terminated?: { finishedAt?: string } } }[];
    initContainerStatuses?: { restartCount?: number }[];
  };
}

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexKey = 'batch.kubernetes.io/job-completion-index';

/** The pod's completion index; undefined when it has none. */
export function completionIndex(pod: KubernetesObject): number | undefined {
  const text = pod.metadata.annotations?.[indexKey];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

export const isTerminal = (pod: JobPod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export function isFinished(job: Job): boolean {
  return (job.status?.conditions ?? []).some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}
