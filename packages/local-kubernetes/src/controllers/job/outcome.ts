// Whether a Job has come to its end, and why: the condition that says so before the last pod is gone.

import { trueCondition } from './conditions.ts';
import type { Job, JobPod, JobStatus } from './job-types.ts';
import { judgeFailure } from './pod-failure-policy.ts';
import { isPodFailed } from './pod-order.ts';
import { successPolicyMet } from './success-policy.ts';

export interface Outcome {
  readonly type: 'FailureTarget' | 'SuccessCriteriaMet';
  readonly reason: string;
  readonly message: string;
}

export interface Ended {
  /** Pods that failed so far, without those that a policy ignores. */
  readonly failed: number;
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number> | undefined;
}

/** Undefined while the Job goes on. That all completions are there is not asked here. */
export function outcomeOf(
  job: Job,
  status: JobStatus,
  pods: readonly JobPod[],
  ended: Ended,
  now: Date,
): Outcome | undefined {
  const met = trueCondition(status, 'SuccessCriteriaMet');
  if (met) return { type: 'SuccessCriteriaMet', reason: met.reason!, message: met.message! };
  const target = trueCondition(status, 'FailureTarget');
  if (target) return { type: 'FailureTarget', reason: target.reason!, message: target.message! };
  const failure = fatalPod(job, pods) ?? limitReached(job, status, pods, ended, now) ?? indexesFailed(job, ended);
  if (failure) return { type: 'FailureTarget', ...failure };
  const message = job.spec.completionMode === 'Indexed' ? successPolicyMet(job, ended.succeededIndexes) : undefined;
  return message === undefined ? undefined : { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message };
}

/** Milliseconds that activeDeadlineSeconds leaves; undefined when it does not count. */
export function deadlineAfterMs(job: Job, status: JobStatus, now: Date): number | undefined {
  const { activeDeadlineSeconds, suspend: isSuspended } = job.spec;
  if (activeDeadlineSeconds === undefined || isSuspended || !status.startTime) return undefined;
  return Date.parse(status.startTime) + activeDeadlineSeconds * 1000 - now.getTime();
}

type Failure = Omit<Outcome, 'type'>;

function fatalPod(job: Job, pods: readonly JobPod[]): Failure | undefined {
  const verdict = pods
    .filter((pod) => isPodFailed(job, pod))
    .map((pod) => judgeFailure(job, pod))
    .find(({ action }) => action === 'FailJob');
  return verdict && { reason: 'PodFailurePolicy', message: verdict.message };
}

function limitReached(
  job: Job,
  status: JobStatus,
  pods: readonly JobPod[],
  { failed }: Ended,
  now: Date,
): Failure | undefined {
  const { backoffLimit = 6, template } = job.spec;
  const restarts = template.spec['restartPolicy'] === 'OnFailure' ? restartsOf(pods) : 0;
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

function indexesFailed(job: Job, { failedIndexes, succeededIndexes }: Ended): Failure | undefined {
  const { maxFailedIndexes, completions = 0 } = job.spec;
  if (!failedIndexes) return undefined;
  if (maxFailedIndexes !== undefined && failedIndexes.size > maxFailedIndexes) {
    const message = 'Job has exceeded the specified maximal number of failed indexes';
    return { reason: 'MaxFailedIndexesExceeded', message };
  }
  if (failedIndexes.size > 0 && failedIndexes.size + succeededIndexes.size >= completions) {
    return { reason: 'FailedIndexes', message: 'Job has failed indexes' };
  }
  return undefined;
}

function restartsOf(pods: readonly JobPod[]): number {
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const each of [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]) {
      restarts += each.restartCount ?? 0;
    }
  }
  return restarts;
}
