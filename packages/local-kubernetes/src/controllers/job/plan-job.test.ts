import { expect, test } from 'vitest';
import { indexKey, type Job, type JobPod, trackingFinalizer } from './job-types.ts';
import { planJob } from './plan-job.ts';

const now = new Date('2026-01-01T00:00:00Z');

function job(size: number, more: object = {}): Job {
  const spec = { completions: size, parallelism: size, completionMode: 'Indexed', template: { spec: {} }, ...more };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j', namespace: 'n', uid: 'u' }, spec } as Job;
}

function pod(index: number, phase: string, exitCode?: number): JobPod {
  const terminated = exitCode === undefined ? {} : { state: { terminated: { exitCode } } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `j-${index}`,
      namespace: 'n',
      uid: `p${index}`,
      annotations: { [indexKey]: String(index) },
      finalizers: [trackingFinalizer],
    },
    spec: { containers: [] },
    status: { phase, containerStatuses: [{ name: 'c', ...terminated }] },
  } as unknown as JobPod;
}

test('an Indexed Job makes a pod for each index', () => {
  expect(planJob(job(4), [], now).create).toEqual([0, 1, 2, 3]);
});

test('a shrink removes the highest indexes, and they do not count as failures', () => {
  const running = [0, 1, 2, 3].map((index) => pod(index, 'Running'));
  const plan = planJob(job(2), running, now);
  expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(['j-2', 'j-3']);
  const after = planJob(job(2), [pod(0, 'Running'), pod(1, 'Running'), pod(3, 'Failed', 143)], now);
  expect(after.status.uncountedTerminatedPods).toEqual({});
  expect(after.status.failed).toBeUndefined();
});

test('growing brings the indexes back', () => {
  expect(planJob(job(4), [pod(0, 'Running'), pod(1, 'Running')], now).create).toEqual([2, 3]);
});

test('a pod failure policy fails the Job, or lets a failure pass', () => {
  const rule = { onExitCodes: { containerName: 'c', operator: 'NotIn', values: [143] } };
  const policy = { podFailurePolicy: { rules: [{ action: 'FailJob', ...rule }] } };
  const failed = planJob(job(1, policy), [pod(0, 'Failed', 3)], now);
  expect(failed.status.conditions).toMatchObject([{ type: 'FailureTarget', reason: 'PodFailurePolicy' }]);
  expect(planJob(job(1, policy), [pod(0, 'Failed', 143)], now).status.conditions).toBeUndefined();
});

test('the backoff limit fails the Job when more pods failed than it allows', () => {
  const plan = planJob(job(1, { backoffLimit: 0 }), [pod(0, 'Failed', 1)], now);
  expect(plan.status.conditions).toMatchObject([{ type: 'FailureTarget', reason: 'BackoffLimitExceeded' }]);
});
