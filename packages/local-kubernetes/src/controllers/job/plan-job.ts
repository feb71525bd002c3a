// What a Job's controller has to do, as a function of the Job, its pods and the time. batch/v1 Job; KEP-3715 (elastic
// Indexed Jobs), KEP-2307 (tracking with finalizers), KEP-3939 (podReplacementPolicy).

import { parseIndexes, printIndexes } from './indexes.ts';
import {
  completionIndex,
  isFinished,
  isTerminal,
  type Job,
  type JobCondition,
  type JobPod,
  type JobStatus,
  trackingFinalizer,
} from './job-types.ts';
import { judgeFailure } from './pod-failure-policy.ts';

export interface JobPlan {
  /** The status as it should be; equal to the present one when nothing changed. */
  readonly status: JobStatus;
  /** Pods whose finalizer goes once the status has been written. */
  readonly untrack: readonly JobPod[];
  readonly remove: readonly JobPod[];
  /** Completion indexes to make pods for; undefined entries are pods of a Job without indexes. */
  readonly create: readonly (number | undefined)[];
  /** When to look again though nothing has changed, in milliseconds. */
  readonly lookAgainMs?: number;
}

const failureBackoffMs = 10_000;
const longestFailureBackoffMs = 600_000;

export function planJob(job: Job, pods: readonly JobPod[], now: Date): JobPlan {
  const { spec } = job;
  const counted = countTerminated(job, pods);
  const active = pods.filter((pod) => !isTerminal(pod) && !pod.metadata.deletionTimestamp);
  const terminating = pods.filter((pod) => !isTerminal(pod) && pod.metadata.deletionTimestamp);
  const status: JobStatus = { ...job.status, ...counted.status };
  if (!spec.suspend) status.startTime ??= now.toISOString();
  if (isFinished(job))
    return { status: counts(status, [], terminating), untrack: counted.untrack, remove: active, create: [] };

  const failure = failureOf(job, status, pods, now);
  if (failure) return fail(status, failure, active, terminating, counted.untrack, now);
  if (spec.suspend) return suspend(status, active, terminating, counted.untrack, now);
  setCondition(status, { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' }, now, true);
  if (isComplete(job, status, active)) return complete(status, active, terminating, counted.untrack, now);

  const { remove, create } = replacements(job, status, pods, active, terminating);
  const waitMs = create.length > 0 ? backoffMs(pods, status, now) : 0;
  const deadlineMs = deadlineAfterMs(job, status, now);
  const lookAgain = [waitMs, deadlineMs].filter((ms) => ms !== undefined && ms > 0) as number[];
  const creating = waitMs > 0 ? [] : create;
  return {
    status: counts(
      status,
      active.filter((pod) => !remove.includes(pod)),
      [...terminating],
    ),
    untrack: counted.untrack,
    remove,
    create: creating,
    ...(lookAgain.length > 0 ? { lookAgainMs: Math.min(...lookAgain) } : {}),
  };
}

/** Counts ended pods: first into `uncountedTerminatedPods`, and into the totals once their finalizer is gone. */
function countTerminated(job: Job, pods: readonly JobPod[]): { status: Partial<JobStatus>; untrack: JobPod[] } {
  const before = job.status ?? {};
  const isIndexed = job.spec.completionMode === 'Indexed';
  const limit = job.spec.completions ?? Number.POSITIVE_INFINITY;
  const tracked = new Set(
    pods.filter((pod) => pod.metadata.finalizers?.includes(trackingFinalizer)).map((pod) => pod.metadata.uid),
  );
  const completed = new Set([...parseIndexes(before.completedIndexes)].filter((index) => index < limit));
  const pending = { succeeded: [] as string[], failed: [] as string[] };
  let succeeded = before.succeeded ?? 0;
  let failed = before.failed ?? 0;
  for (const uid of before.uncountedTerminatedPods?.succeeded ?? [])
    tracked.has(uid) ? pending.succeeded.push(uid) : succeeded++;
  for (const uid of before.uncountedTerminatedPods?.failed ?? [])
    tracked.has(uid) ? pending.failed.push(uid) : failed++;
  const untrack: JobPod[] = [];
  for (const pod of pods) {
    const { uid, deletionTimestamp } = pod.metadata;
    if (!tracked.has(uid) || uid === undefined) continue;
    const index = completionIndex(pod);
    const outOfRange = isIndexed && (index === undefined || index >= limit);
    if (!isTerminal(pod)) {
      // A pod that goes because the Job shrank is not waited for, and does not count.
      if (deletionTimestamp && (outOfRange || isFinished(job))) untrack.push(pod);
      continue;
    }
    untrack.push(pod);
    if (outOfRange) continue;
    if (pod.status?.phase === 'Succeeded') {
      if (isIndexed) completed.add(index!);
      else if (!pending.succeeded.includes(uid)) pending.succeeded.push(uid);
    } else if (judgeFailure(job, pod).action !== 'Ignore' && !pending.failed.includes(uid)) pending.failed.push(uid);
  }
  return {
    status: {
      succeeded: isIndexed ? completed.size : succeeded,
      failed,
      ...(isIndexed ? { completedIndexes: printIndexes(completed) } : {}),
      uncountedTerminatedPods: {
        ...(pending.succeeded.length > 0 ? { succeeded: pending.succeeded } : {}),
        ...(pending.failed.length > 0 ? { failed: pending.failed } : {}),
      },
    },
    untrack,
  };
}

function replacements(
  job: Job,
  status: JobStatus,
  pods: readonly JobPod[],
  active: readonly JobPod[],
  terminating: readonly JobPod[],
): { remove: JobPod[]; create: (number | undefined)[] } {
  const { parallelism = 1, completions, completionMode } = job.spec;
  if (completionMode !== 'Indexed') {
    const wanted = Math.min(
      parallelism,
      completions === undefined ? parallelism : completions - (status.succeeded ?? 0),
    );
    const surplus = active.length - wanted;
    return {
      remove: surplus > 0 ? youngestFirst(active).slice(0, surplus) : [],
      create: surplus < 0 ? Array.from({ length: -surplus }, () => undefined) : [],
    };
  }
  const limit = completions ?? 0;
  const done = parseIndexes(status.completedIndexes);
  const remove: JobPod[] = [];
  const busy = new Set<number>();
  for (const pod of [...active].sort(byIndex)) {
    const index = completionIndex(pod);
    const needed =
      index !== undefined && index < limit && !done.has(index) && !busy.has(index) && busy.size < parallelism;
    if (needed) busy.add(index);
    else remove.push(pod);
  }
  // An index whose pod still ends is free at once, or only when that pod has ended, as the policy says.
  const waiting = new Set<number>();
  if (job.spec.podReplacementPolicy === 'Failed') {
    for (const pod of terminating) waiting.add(completionIndex(pod) ?? -1);
  }
  // A failed pod is counted before its index is tried again, so that no failure is lost.
  for (const pod of pods) {
    if (
      pod.status?.phase === 'Failed' &&
      pod.metadata.finalizers?.includes(trackingFinalizer) &&
      !pod.metadata.deletionTimestamp
    ) {
      waiting.add(completionIndex(pod) ?? -1);
    }
  }
  const create: number[] = [];
  for (let index = 0; index < limit && busy.size + create.length < parallelism; index++) {
    if (!done.has(index) && !busy.has(index) && !waiting.has(index)) create.push(index);
  }
  return { remove, create };
}

function failureOf(
  job: Job,
  status: JobStatus,
  pods: readonly JobPod[],
  now: Date,
): { reason: string; message: string } | undefined {
  const { backoffLimit = 6 } = job.spec;
  const target = status.conditions?.find(({ type, status: is }) => type === 'FailureTarget' && is === 'True');
  if (target) return { reason: target.reason!, message: target.message! };
  const fatal = pods
    .filter((pod) => pod.status?.phase === 'Failed' && pod.metadata.finalizers?.includes(trackingFinalizer))
    .map((pod) => judgeFailure(job, pod))
    .find(({ action }) => action === 'FailJob');
  if (fatal) return { reason: 'PodFailurePolicy', message: fatal.message };
  const failed = (status.failed ?? 0) + (status.uncountedTerminatedPods?.failed?.length ?? 0);
  const restarts = job.spec.template.spec['restartPolicy'] === 'OnFailure' ? restartsOf(pods) : 0;
  const tooManyRestarts = backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit;
  if (failed > backoffLimit || tooManyRestarts) {
    return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  const leftMs = deadlineAfterMs(job, status, now);
  if (leftMs !== undefined && leftMs <= 0) {
    return { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  }
  return undefined;
}

function restartsOf(pods: readonly JobPod[]): number {
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const each of [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])])
      restarts += each.restartCount ?? 0;
  }
  return restarts;
}

function deadlineAfterMs(job: Job, status: JobStatus, now: Date): number | undefined {
  const { activeDeadlineSeconds, suspend: isSuspended } = job.spec;
  if (activeDeadlineSeconds === undefined || isSuspended || !status.startTime) return undefined;
  return Date.parse(status.startTime) + activeDeadlineSeconds * 1000 - now.getTime();
}

/** How long to wait before failed pods are replaced: 10 s, doubled for each failure since the last success. */
function backoffMs(pods: readonly JobPod[], status: JobStatus, now: Date): number {
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed' && !pod.metadata.deletionTimestamp);
  const times = failed.map((pod) => {
    const ends = (pod.status?.containerStatuses ?? []).map((each) =>
      Date.parse(each.state?.terminated?.finishedAt ?? ''),
    );
    return Math.max(0, ...ends.filter((time) => !Number.isNaN(time)));
  });
  const last = Math.max(0, ...times);
  if (last === 0 || (status.failed ?? 0) === 0) return 0;
  const wait = Math.min(failureBackoffMs * 2 ** (failed.length - 1), longestFailureBackoffMs);
  return Math.max(0, last + wait - now.getTime());
}

function isComplete(job: Job, status: JobStatus, active: readonly JobPod[]): boolean {
  const { completions } = job.spec;
  const succeeded = status.succeeded ?? 0;
  if ((status.uncountedTerminatedPods?.succeeded?.length ?? 0) > 0) return false;
  return completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
}

function complete(
  status: JobStatus,
  active: JobPod[],
  terminating: JobPod[],
  untrack: readonly JobPod[],
  now: Date,
): JobPlan {
  const message = 'Reached expected number of succeeded pods';
  setCondition(status, { type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionsReached', message }, now);
  // Complete comes when no pod is left that runs, and all are counted.
  if (active.length === 0 && terminating.length === 0 && untrack.length === 0) {
    setCondition(status, { type: 'Complete', status: 'True', reason: 'CompletionsReached', message }, now);
    status.completionTime ??= now.toISOString();
  }
  return { status: counts(status, [], [...terminating, ...active]), untrack, remove: active, create: [] };
}

function fail(
  status: JobStatus,
  failure: { reason: string; message: string },
  active: JobPod[],
  terminating: JobPod[],
  untrack: readonly JobPod[],
  now: Date,
): JobPlan {
  setCondition(status, { type: 'FailureTarget', status: 'True', ...failure }, now);
  if (active.length === 0 && terminating.length === 0 && untrack.length === 0) {
    setCondition(status, { type: 'Failed', status: 'True', ...failure }, now);
  }
  return { status: counts(status, [], [...terminating, ...active]), untrack, remove: active, create: [] };
}

function suspend(
  status: JobStatus,
  active: JobPod[],
  terminating: JobPod[],
  untrack: readonly JobPod[],
  now: Date,
): JobPlan {
  setCondition(status, { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }, now);
  delete status.startTime;
  return { status: counts(status, [], [...terminating, ...active]), untrack, remove: active, create: [] };
}

function counts(status: JobStatus, active: readonly JobPod[], terminating: readonly JobPod[]): JobStatus {
  const isReady = (pod: JobPod) =>
    pod.status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const result: JobStatus = {
    ...status,
    active: active.length,
    ready: active.filter(isReady).length,
    terminating: terminating.length,
  };
  for (const field of ['active', 'succeeded', 'failed'] as const) if (result[field] === 0) delete result[field];
  if (result.completedIndexes === '') delete result.completedIndexes;
  return result;
}

function setCondition(
  status: JobStatus,
  condition: Pick<JobCondition, 'type' | 'status' | 'reason' | 'message'>,
  now: Date,
  onlyWhenThere = false,
): void {
  const conditions = status.conditions ?? [];
  const known = conditions.find(({ type }) => type === condition.type);
  if ((known?.status === condition.status && known.reason === condition.reason) || (!known && onlyWhenThere)) return;
  const time = now.toISOString();
  const changed = { ...condition, lastProbeTime: time, lastTransitionTime: time } as JobCondition;
  status.conditions = known ? conditions.map((each) => (each === known ? changed : each)) : [...conditions, changed];
}

const byIndex = (a: JobPod, b: JobPod): number =>
  (completionIndex(a) ?? 0) - (completionIndex(b) ?? 0) || readiness(b) - readiness(a);

function readiness(pod: JobPod): number {
  return pod.status?.phase === 'Running' ? 2 : pod.status?.phase === 'Pending' ? 1 : 0;
}

function youngestFirst(pods: readonly JobPod[]): JobPod[] {
  return [...pods].sort((a, b) =>
    (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''),
  );
}
