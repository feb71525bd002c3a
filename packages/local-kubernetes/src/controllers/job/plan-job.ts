// What a Job's controller has to do, as a function of the Job, its pods and the time. batch/v1 Job; KEP-3715 (elastic
// Indexed Jobs), KEP-2307 (tracking with finalizers), KEP-3939 (podReplacementPolicy), KEP-3850, KEP-3998.

import { setCondition } from './conditions.ts';
import { type BackoffRecord, noFailures, recordEnded, remainingMs } from './failure-backoff.ts';
import { failedIndexes, failureAnnotations, indexRemainingMs, lastFailedPods } from './index-failures.ts';
import { parseIndexes, printIndexes } from './indexes.ts';
import {
  completionIndex,
  isFinished,
  isTerminal,
  type Job,
  type JobPod,
  type JobStatus,
  trackingFinalizer,
} from './job-types.ts';
import { deadlineAfterMs, type Outcome, outcomeOf } from './outcome.ts';
import { judgeFailure } from './pod-failure-policy.ts';
import { isPodFailed, isReady, podsToRemove, replacesOnlyFailed } from './pod-order.ts';

export interface NewPod {
  /** Undefined for a Job without indexes. */
  readonly index: number | undefined;
  readonly annotations: Record<string, string>;
}

export interface JobPlan {
  /** The status as it should be; equal to the present one when nothing changed. */
  readonly status: JobStatus;
  /** Pods whose finalizer goes once the status has been written. */
  readonly untrack: readonly JobPod[];
  readonly remove: readonly JobPod[];
  /** The Job is over: the ends of the pods to remove count. Those of pods it no longer wants do not. */
  readonly isOver: boolean;
  readonly create: readonly NewPod[];
  /** What to remember for the next look, once the status has been written. */
  readonly backoff: BackoffRecord;
  /** When to look again though nothing has changed, in milliseconds. */
  readonly lookAgainMs?: number;
}

/** A Job's pods, sorted by what the controller does with them. */
interface Sorted {
  readonly active: JobPod[];
  readonly terminating: JobPod[];
  /** Held by the finalizer. */
  readonly tracked: JobPod[];
  /** Tracked pods that count: not yet counted, of an index that the Job has. */
  readonly valid: JobPod[];
}

export function planJob(job: Job, pods: readonly JobPod[], now: Date, backoff: BackoffRecord = noFailures): JobPlan {
  const { spec } = job;
  const sorted = sortPods(job, pods);
  if (isFinished(job)) {
    return {
      status: { ...job.status },
      untrack: sorted.tracked,
      remove: [],
      isOver: true,
      create: [],
      backoff: noFailures,
    };
  }
  const status = countGone(job, sorted.tracked);
  if (!spec.suspend) status.startTime ??= now.toISOString();
  const newSucceeded = sorted.valid.filter((pod) => pod.status?.phase === 'Succeeded');
  const newFailed = sorted.valid.filter((pod) => isPodFailed(job, pod));
  const ended = {
    failed:
      (status.failed ?? 0) +
      newFailed.filter((pod) => judgeFailure(job, pod).action !== 'Ignore').length +
      (status.uncountedTerminatedPods?.failed?.length ?? 0),
    succeededIndexes: succeededIndexes(job, sorted.tracked),
    failedIndexes: failedIndexes(job, pods),
  };
  const succeeded =
    spec.completionMode === 'Indexed'
      ? ended.succeededIndexes.size
      : (status.succeeded ?? 0) + newSucceeded.length + (status.uncountedTerminatedPods?.succeeded?.length ?? 0);
  const settled = new Set([
    ...ended.succeededIndexes,
    ...(ended.failedIndexes ?? []),
    ...sorted.active.map((pod) => completionIndex(pod) ?? -1),
  ]);
  const lastFailed = lastFailedPods(job, sorted.valid, settled);
  const record = recordEnded(backoff, newSucceeded, newFailed);

  let outcome = outcomeOf(job, status, pods, ended, now);
  const pace: Pace = { record, lastFailed, settled, succeeded, now };
  const isOver = outcome !== undefined;
  const change: Change = isOver ? { remove: sorted.active, create: [] } : changePods(job, sorted, pace);
  if (!outcome && isComplete(job, succeeded, sorted.active.length - change.remove.length + change.create.length)) {
    const message = 'Reached expected number of succeeded pods';
    outcome = { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message };
  }
  if (!outcome) noteSuspension(job, status, now);

  const untrack = sorted.tracked.filter((pod) => mayUntrack(job, pod, outcome, lastFailed));
  countEnded(job, status, untrack, outcome);
  if (spec.completionMode === 'Indexed') {
    status.succeeded = ended.succeededIndexes.size;
    status.completedIndexes = printIndexes(ended.succeededIndexes);
    if (ended.failedIndexes) status.failedIndexes = printIndexes(ended.failedIndexes);
  }
  const left = sorted.active.filter((pod) => !change.remove.includes(pod));
  const terminating = sorted.terminating.length + change.remove.length;
  if (outcome) finish(status, outcome, terminating, untrack.length, now);
  const waits = [change.waitMs, deadlineAfterMs(job, status, now)].filter((ms) => ms !== undefined && ms > 0);
  return {
    status: withoutNothing({
      ...status,
      active: left.length,
      ready: left.filter(isReady).length,
      terminating,
    }),
    untrack,
    remove: change.remove,
    isOver,
    create: change.create,
    backoff: record,
    ...(waits.length > 0 ? { lookAgainMs: Math.min(...(waits as number[])) } : {}),
  };
}

function sortPods(job: Job, pods: readonly JobPod[]): Sorted {
  const { completionMode, completions = 0 } = job.spec;
  const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
  const uncounted = new Set([...succeeded, ...failed]);
  const isOfTheJob = (pod: JobPod): boolean =>
    completionMode !== 'Indexed' || (completionIndex(pod) ?? completions) < completions;
  const tracked = pods.filter(({ metadata }) => metadata.finalizers?.includes(trackingFinalizer));
  return {
    active: pods.filter((pod) => !isTerminal(pod) && !pod.metadata.deletionTimestamp),
    terminating: pods.filter((pod) => !isTerminal(pod) && pod.metadata.deletionTimestamp),
    tracked,
    valid: tracked.filter((pod) => !uncounted.has(pod.metadata.uid!) && isOfTheJob(pod)),
  };
}

/** Moves pods whose finalizer is gone from `uncountedTerminatedPods` into the totals. */
function countGone(job: Job, tracked: readonly JobPod[]): JobStatus {
  const uids = new Set(tracked.map(({ metadata }) => metadata.uid));
  const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
  const stillThere = (list: string[]): string[] => list.filter((uid) => uids.has(uid));
  const left = { succeeded: stillThere(succeeded), failed: stillThere(failed) };
  return {
    ...job.status,
    succeeded: (job.status?.succeeded ?? 0) + succeeded.length - left.succeeded.length,
    failed: (job.status?.failed ?? 0) + failed.length - left.failed.length,
    uncountedTerminatedPods: left,
  };
}

function succeededIndexes(job: Job, tracked: readonly JobPod[]): Set<number> {
  const { completions = 0 } = job.spec;
  const indexes = [...parseIndexes(job.status?.completedIndexes)];
  for (const pod of tracked) if (pod.status?.phase === 'Succeeded') indexes.push(completionIndex(pod) ?? completions);
  return new Set(indexes.filter((index) => index < completions));
}

interface Pace {
  readonly record: BackoffRecord;
  readonly lastFailed: ReadonlyMap<number, JobPod>;
  /** Indexes that need no pod now. */
  readonly settled: ReadonlySet<number>;
  readonly succeeded: number;
  readonly now: Date;
}

interface Change {
  readonly remove: JobPod[];
  readonly create: NewPod[];
  readonly waitMs?: number;
}

function changePods(job: Job, { active, terminating }: Sorted, pace: Pace): Change {
  const { parallelism = 1, completions, suspend, backoffLimitPerIndex } = job.spec;
  if (suspend) return { remove: podsToRemove(job, active, active.length), create: [] };
  const wanted =
    completions === undefined
      ? pace.succeeded > 0
        ? active.length
        : parallelism
      : Math.max(0, Math.min(completions - pace.succeeded, parallelism));
  const remove = podsToRemove(job, active, active.length - wanted);
  if (remove.length > 0) return { remove, create: [] };
  const missing = wanted - active.length - (replacesOnlyFailed(job) ? terminating.length : 0);
  if (missing <= 0) return { remove, create: [] };
  const waitMs = backoffLimitPerIndex === undefined ? remainingMs(pace.record, pace.now) : 0;
  if (waitMs > 0) return { remove, create: [], waitMs };
  if (job.spec.completionMode !== 'Indexed') {
    return { remove, create: Array.from({ length: missing }, () => ({ index: undefined, annotations: {} })) };
  }
  const busy = new Set(replacesOnlyFailed(job) ? terminating.map((pod) => completionIndex(pod) ?? -1) : []);
  const indexes: number[] = [];
  for (let index = 0; index < completions! && indexes.length < missing; index++) {
    if (!pace.settled.has(index) && !busy.has(index)) indexes.push(index);
  }
  const waits = indexes.map((index) => indexRemainingMs(pace.lastFailed.get(index), pace.now));
  const create = indexes
    .filter((_, place) => waits[place] === 0)
    .map((index) => ({ index, annotations: failureAnnotations(job, pace.lastFailed.get(index)) }));
  const longest = waits.filter((ms) => ms > 0);
  return { remove, create, ...(longest.length > 0 ? { waitMs: Math.min(...longest) } : {}) };
}

function isComplete(job: Job, succeeded: number, active: number): boolean {
  const { completions } = job.spec;
  return active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions);
}

function noteSuspension(job: Job, status: JobStatus, now: Date): void {
  const { suspend: isSuspended } = job.spec;
  const changed = setCondition(
    status,
    isSuspended
      ? { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }
      : { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' },
    now,
  );
  // The time of its deadline begins anew when it goes on.
  if (!isSuspended && changed) status.startTime = now.toISOString();
}

/** A failed pod of an index is kept until the next pod of that index has taken over its count. */
function mayUntrack(
  job: Job,
  pod: JobPod,
  outcome: Outcome | undefined,
  lastFailed: ReadonlyMap<number, JobPod>,
): boolean {
  if (outcome || job.metadata.deletionTimestamp || pod.status?.phase === 'Succeeded') return true;
  const { completions = 0, completionMode } = job.spec;
  const index = completionIndex(pod);
  // A pod that goes because the Job shrank is not waited for.
  if (completionMode === 'Indexed' && pod.metadata.deletionTimestamp && (index ?? completions) >= completions)
    return true;
  return isPodFailed(job, pod) && (index === undefined || lastFailed.get(index) !== pod);
}

/** Notes ended pods in `uncountedTerminatedPods`, from where they are counted once their finalizer is gone. */
function countEnded(job: Job, status: JobStatus, untrack: readonly JobPod[], outcome: Outcome | undefined): void {
  const { completionMode, completions = 0 } = job.spec;
  const uncounted = {
    succeeded: [...(status.uncountedTerminatedPods?.succeeded ?? [])],
    failed: [...(status.uncountedTerminatedPods?.failed ?? [])],
  };
  for (const pod of untrack) {
    const uid = pod.metadata.uid!;
    const isOfTheJob = completionMode !== 'Indexed' || (completionIndex(pod) ?? completions) < completions;
    if (pod.status?.phase === 'Succeeded' && !uncounted.failed.includes(uid)) {
      if (completionMode !== 'Indexed' && !uncounted.succeeded.includes(uid)) uncounted.succeeded.push(uid);
    } else if (isPodFailed(job, pod) || outcome?.type === 'FailureTarget') {
      const isCounted = judgeFailure(job, pod).action !== 'Ignore';
      if (isOfTheJob && isCounted && !uncounted.failed.includes(uid)) uncounted.failed.push(uid);
    }
  }
  status.uncountedTerminatedPods = {
    ...(uncounted.succeeded.length > 0 ? { succeeded: uncounted.succeeded } : {}),
    ...(uncounted.failed.length > 0 ? { failed: uncounted.failed } : {}),
  };
}

/** The last condition comes when no pod is left that ends, and all are counted. */
function finish(status: JobStatus, outcome: Outcome, terminating: number, untracking: number, now: Date): void {
  const { type, reason, message } = outcome;
  setCondition(status, { type, status: 'True', reason, message }, now);
  if (terminating > 0 || untracking > 0) return;
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (succeeded.length + failed.length > 0) return;
  const isComplete = type === 'SuccessCriteriaMet';
  setCondition(status, { type: isComplete ? 'Complete' : 'Failed', status: 'True', reason, message }, now);
  if (isComplete) status.completionTime ??= now.toISOString();
}

function withoutNothing(status: JobStatus): JobStatus {
  const result = { ...status };
  for (const field of ['active', 'succeeded', 'failed'] as const) if (result[field] === 0) delete result[field];
  if (result.completedIndexes === '') delete result.completedIndexes;
  return result;
}
