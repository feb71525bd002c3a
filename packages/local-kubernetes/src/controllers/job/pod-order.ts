// When a pod ended, which pods count as failed, and which of several goes first.

import { completionIndex, type Job, type JobPod } from './job-types.ts';

/** Pods are replaced only once they have ended, not as soon as they are asked to go. */
export function replacesOnlyFailed({ spec }: Job): boolean {
  return spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;
}

/** A pod that was asked to go counts as failed at once, unless the Job waits for its end. */
export function isPodFailed(job: Job, { status, metadata }: JobPod): boolean {
  if (status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(job) && metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded';
}

/** When the pod ended, in milliseconds since 1970, by the best witness there is. */
export function finishedMs({ status, metadata }: JobPod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  if (ends.length > 0 && ends.every((end) => !Number.isNaN(end))) return Math.max(...ends);
  const notReady = status?.conditions?.find(({ type, status: is }) => type === 'Ready' && is === 'False');
  if (notReady?.lastTransitionTime) return Date.parse(notReady.lastTransitionTime);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = metadata;
  if (deletionTimestamp) return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return Date.parse(creationTimestamp ?? '') || 0;
}

/** Sorts what is to go first to the front: what runs least, what became ready last, what restarted most, the youngest. */
export function byExpendability(a: JobPod, b: JobPod): number {
  return (
    Number(isPlaced(a)) - Number(isPlaced(b)) ||
    phaseRank(a) - phaseRank(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    readySince(b) - readySince(a) ||
    restarts(b) - restarts(a) ||
    Date.parse(b.metadata.creationTimestamp ?? '') - Date.parse(a.metadata.creationTimestamp ?? '') ||
    0
  );
}

/** The active pods to remove: those beyond the last index, all but one of each index, then the most expendable. */
export function podsToRemove(job: Job, active: readonly JobPod[], atLeast: number): JobPod[] {
  if (job.spec.completionMode !== 'Indexed') return [...active].sort(byExpendability).slice(0, Math.max(0, atLeast));
  const remove: JobPod[] = [];
  const left: JobPod[] = [];
  const byIndex = new Map<number, JobPod[]>();
  for (const pod of active) {
    const index = completionIndex(pod);
    if (index === undefined || index >= (job.spec.completions ?? 0)) remove.push(pod);
    else byIndex.set(index, [...(byIndex.get(index) ?? []), pod]);
  }
  for (const pods of byIndex.values()) {
    pods.sort(byExpendability);
    remove.push(...pods.slice(0, -1));
    left.push(pods.at(-1)!);
  }
  left.sort(byExpendability);
  remove.push(...left.slice(0, Math.max(0, atLeast - remove.length)));
  return remove;
}

export function isReady({ status }: JobPod): boolean {
  return readyCondition(status)?.status === 'True';
}

function readyCondition(status: JobPod['status']) {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

function readySince(pod: JobPod): number {
  return isReady(pod) ? Date.parse(readyCondition(pod.status)?.lastTransitionTime ?? '') || 0 : 0;
}

function isPlaced({ spec }: JobPod): boolean {
  return spec.nodeName !== undefined && spec.nodeName !== '';
}

function phaseRank({ status }: JobPod): number {
  return status?.phase === 'Running' ? 2 : status?.phase === 'Unknown' ? 1 : 0;
}

function restarts({ status }: JobPod): number {
  return Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount = 0 }) => restartCount));
}
