// Failures counted for each index apart (backoffLimitPerIndex, KEP-3850). The count travels in an annotation from a
// failed pod to the one that takes its place; until then the failed pod is kept by its finalizer.

import { type BackoffRecord, noFailures, remainingMs } from './failure-backoff.ts';
import { parseIndexes } from './indexes.ts';
import { completionIndex, type Job, type JobPod, trackingFinalizer } from './job-types.ts';
import { judgeFailure } from './pod-failure-policy.ts';
import { finishedMs, isPodFailed } from './pod-order.ts';

export const failureCountKey = 'batch.kubernetes.io/job-index-failure-count';
export const ignoredCountKey = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** The indexes that will not be tried again, those of the status included; undefined when failures are not counted so. */
export function failedIndexes(job: Job, pods: readonly JobPod[]): Set<number> | undefined {
  const { backoffLimitPerIndex, completions = 0 } = job.spec;
  if (backoffLimitPerIndex === undefined) return undefined;
  const failed = parseIndexes(job.status?.failedIndexes);
  for (const pod of pods) {
    if (!pod.metadata.finalizers?.includes(trackingFinalizer) || !isPodFailed(job, pod)) continue;
    const { action } = judgeFailure(job, pod);
    const isLast = action !== 'Ignore' && count(pod, failureCountKey) >= backoffLimitPerIndex;
    if (action === 'FailIndex' || isLast) failed.add(completionIndex(pod) ?? -1);
  }
  return new Set([...failed].filter((index) => index >= 0 && index < completions));
}

/** Of each index that waits for its next pod, the pod that failed last. */
export function lastFailedPods(job: Job, valid: readonly JobPod[], settled: ReadonlySet<number>): Map<number, JobPod> {
  const last = new Map<number, JobPod>();
  if (job.spec.backoffLimitPerIndex === undefined) return last;
  for (const pod of valid) {
    const index = completionIndex(pod);
    if (index === undefined || settled.has(index) || !isPodFailed(job, pod)) continue;
    const known = last.get(index);
    if (!known || (allFailures(known) <= allFailures(pod) && finishedMs(known) <= finishedMs(pod)))
      last.set(index, pod);
  }
  return last;
}

/** Milliseconds until an index may have its next pod. */
export function indexRemainingMs(failed: JobPod | undefined, now: Date): number {
  const record: BackoffRecord = failed
    ? { failures: allFailures(failed) + 1, lastFailureMs: finishedMs(failed) }
    : noFailures;
  return remainingMs(record, now);
}

/** The annotations of the pod that takes the place of `failed`. */
export function failureAnnotations(job: Job, failed: JobPod | undefined): Record<string, string> {
  if (job.spec.backoffLimitPerIndex === undefined) return {};
  if (!failed) return { [failureCountKey]: '0' };
  const isIgnored = judgeFailure(job, failed).action === 'Ignore';
  const counted = count(failed, failureCountKey) + (isIgnored ? 0 : 1);
  const ignored = count(failed, ignoredCountKey) + (isIgnored ? 1 : 0);
  return { [failureCountKey]: String(counted), ...(ignored > 0 ? { [ignoredCountKey]: String(ignored) } : {}) };
}

function allFailures(pod: JobPod): number {
  return count(pod, failureCountKey) + count(pod, ignoredCountKey);
}

function count({ metadata }: JobPod, key: string): number {
  const text = metadata.annotations?.[key] ?? '';
  return /^\d{1,10}$/.test(text) ? Number(text) : 0;
}
