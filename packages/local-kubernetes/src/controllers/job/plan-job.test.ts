import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noFailures } from './failure-backoff.ts';
import { failureCountKey } from './index-failures.ts';
import { indexKey, isFinished, type Job, type JobPod, trackingFinalizer } from './job-types.ts';
import { type JobPlan, planJob } from './plan-job.ts';

const now = new Date('2026-01-01T00:00:00Z');

function job(size: number, more: object = {}): Job {
  const spec = { completions: size, parallelism: size, completionMode: 'Indexed', template: { spec: {} }, ...more };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j', namespace: 'n', uid: 'u' }, spec } as Job;
}

interface PodOptions {
  uid?: string;
  finishedAt?: string;
  failures?: number;
}

function pod(index: number, phase: string, exitCode?: number, options: PodOptions = {}): JobPod {
  const { uid = `p${index}`, finishedAt, failures } = options;
  const terminated = exitCode === undefined ? {} : { state: { terminated: { exitCode, finishedAt } } };
  const counted = failures === undefined ? {} : { [failureCountKey]: String(failures) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `j-${index}`,
      namespace: 'n',
      uid,
      annotations: { [indexKey]: String(index), ...counted },
      finalizers: [trackingFinalizer],
    },
    spec: { containers: [] },
    status: { phase, containerStatuses: [{ name: 'c', ...terminated }] },
  } as unknown as JobPod;
}

function indexes({ create }: JobPlan): (number | undefined)[] {
  return create.map(({ index }) => index);
}

test('an Indexed Job makes a pod for each index', () => {
  expect(indexes(planJob(job(4), [], now))).toEqual([0, 1, 2, 3]);
});

test('a shrink removes the highest indexes, and they do not count as failures', () => {
  const running = [0, 1, 2, 3].map((index) => pod(index, 'Running'));
  const plan = planJob(job(2), running, now);
  expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(['j-2', 'j-3']);
  const after = planJob(job(2), [pod(0, 'Running'), pod(1, 'Running'), pod(3, 'Failed', 143)], now);
  expect(after.status.uncountedTerminatedPods).toEqual({});
  expect(after.untrack.map(({ metadata }) => metadata.name)).toEqual(['j-3']);
  expect(after.status.failed).toBeUndefined();
});

test('growing brings the indexes back', () => {
  expect(indexes(planJob(job(4), [pod(0, 'Running'), pod(1, 'Running')], now))).toEqual([2, 3]);
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

test('a failed pod is replaced after a back-off that doubles', () => {
  const failed = pod(0, 'Failed', 1, { finishedAt: '2025-12-31T23:59:58Z' });
  const first = planJob(job(1), [failed], now);
  expect(first).toMatchObject({ create: [], lookAgainMs: 8000, untrack: [failed] });
  expect(first.backoff.failures).toBe(1);
  const later = new Date('2026-01-01T00:00:09Z');
  const counted = job(1);
  counted.status = { failed: 1, uncountedTerminatedPods: {} };
  expect(indexes(planJob(counted, [], later, first.backoff))).toEqual([0]);
  const again = pod(0, 'Failed', 1, { uid: 'second', finishedAt: '2026-01-01T00:00:09Z' });
  expect(planJob(counted, [again], later, first.backoff)).toMatchObject({ create: [], lookAgainMs: 20_000 });
});

test('a deleted pod of an index counts as failed, but where pods are replaced only once they ended', () => {
  const deleted = pod(0, 'Running');
  deleted.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
  expect(planJob(job(1), [deleted], now).status.uncountedTerminatedPods).toEqual({ failed: ['p0'] });
  const waiting = planJob(job(1, { podReplacementPolicy: 'Failed' }), [deleted], now);
  expect(waiting).toMatchObject({ create: [], untrack: [], status: { terminating: 1, uncountedTerminatedPods: {} } });
});

describe('with a back-off limit for each index', () => {
  const perIndex = { backoffLimitPerIndex: 1, backoffLimit: 2 ** 31 - 1 };
  const later = new Date('2026-01-01T01:00:00Z');

  test('a failed pod is kept until the next pod of its index has its count', () => {
    const failed = pod(0, 'Failed', 1, { finishedAt: '2026-01-01T00:00:00Z' });
    const plan = planJob(job(2, perIndex), [failed, pod(1, 'Running')], later);
    expect(plan.untrack).toEqual([]);
    expect(plan.create).toEqual([{ index: 0, annotations: { [failureCountKey]: '1' } }]);
    const next = pod(0, 'Running', undefined, { uid: 'next', failures: 1 });
    expect(planJob(job(2, perIndex), [failed, next, pod(1, 'Running')], later).untrack).toEqual([failed]);
  });

  test('an index that failed too often is given up, the others go on, and the Job fails when all have ended', () => {
    const failed = pod(0, 'Failed', 1, { failures: 1, finishedAt: '2026-01-01T00:00:00Z' });
    const plan = planJob(job(2, perIndex), [failed, pod(1, 'Running')], later);
    expect(plan).toMatchObject({ create: [], status: { failedIndexes: '0' } });
    expect(plan.status.conditions).toBeUndefined();
    const ended = planJob(job(2, perIndex), [failed, pod(1, 'Succeeded', 0)], later);
    expect(ended.status.conditions).toMatchObject([{ type: 'FailureTarget', reason: 'FailedIndexes' }]);
  });

  test('more failed indexes than allowed end the Job at once', () => {
    const policy = { ...perIndex, backoffLimitPerIndex: 0, maxFailedIndexes: 0 };
    const plan = planJob(job(3, policy), [pod(0, 'Failed', 1), pod(1, 'Running'), pod(2, 'Running')], later);
    expect(plan.status.conditions).toMatchObject([{ type: 'FailureTarget', reason: 'MaxFailedIndexesExceeded' }]);
    expect(plan.remove).toHaveLength(2);
  });
});

test.each([
  [{ succeededIndexes: '0' }, true],
  [{ succeededIndexes: '0-1' }, false],
  [{ succeededIndexes: '0-1', succeededCount: 1 }, true],
  [{ succeededCount: 1 }, true],
  [{ succeededCount: 2 }, false],
])('a success policy %j with index 0 done', (rule, isMet) => {
  const plan = planJob(job(3, { successPolicy: { rules: [rule] } }), [pod(0, 'Succeeded', 0), pod(1, 'Running')], now);
  const met = { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: 'Matched rules at index 0' };
  expect(plan.status.conditions).toEqual(isMet ? [expect.objectContaining(met)] : undefined);
  expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(isMet ? ['j-1'] : []);
});

test('fewer pods at once: those go that are ready the least', () => {
  const pods = [pod(0, 'Pending'), pod(1, 'Running'), pod(2, 'Running')];
  const plan = planJob(job(3, { parallelism: 2 }), pods, now);
  expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(['j-0']);
});

test('whatever pods do, an index has one active pod at most, and the Job comes to its end', () => {
  const outcome = fc.constantFrom('Succeeded', 'Failed', 'deleted');
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(outcome, { minLength: 60, maxLength: 60 }),
      fc.constantFrom({}, { podReplacementPolicy: 'Failed' }, { backoffLimitPerIndex: 1, backoffLimit: 99 }),
      (size, outcomes, more) => {
        const world = new SimulatedJob(job(size, { backoffLimit: 3, ...more }));
        for (const each of outcomes) world.step(each);
        for (let round = 0; round < 40 && !isFinished(world.job); round++) world.step('Succeeded');
        expect(isFinished(world.job)).toBe(true);
        expect(world.pods.filter(({ metadata }) => metadata.finalizers?.length)).toEqual([]);
        const { failed = 0, succeeded = 0, uncountedTerminatedPods } = world.job.status!;
        expect(uncountedTerminatedPods).toEqual({});
        expect(succeeded + failed).toBeLessThanOrEqual(world.made);
      },
    ),
  );
});

/** Carries out plans on pods in memory; each step lets one pod come to an end. */
class SimulatedJob {
  job: Job;
  pods: JobPod[] = [];
  made = 0;
  #time = now.getTime();
  #backoff = noFailures;

  constructor(first: Job) {
    this.job = first;
  }

  step(end: 'Succeeded' | 'Failed' | 'deleted'): void {
    for (let look = 0; look < 4; look++) this.#look();
    const active = this.pods.filter(
      ({ status, metadata }) => status?.phase === 'Running' && !metadata.deletionTimestamp,
    );
    const one = active[this.made % Math.max(1, active.length)];
    if (one && end === 'deleted') one.metadata.deletionTimestamp = new Date(this.#time).toISOString();
    else if (one) this.#end(one, end as 'Succeeded' | 'Failed');
    for (const each of this.pods) if (each !== one && each.metadata.deletionTimestamp) this.#end(each, 'Failed');
    this.#time += 700_000;
    for (let look = 0; look < 4; look++) this.#look();
  }

  #end(one: JobPod, phase: 'Succeeded' | 'Failed'): void {
    if (one.status?.phase !== 'Running') return;
    const finishedAt = new Date(this.#time).toISOString();
    one.status = { phase, containerStatuses: [{ state: { terminated: { finishedAt } } }] };
  }

  #look(): void {
    const plan = planJob(this.job, this.pods, new Date(this.#time), this.#backoff);
    this.job = { ...this.job, status: plan.status };
    this.#backoff = plan.backoff;
    for (const each of plan.untrack) each.metadata.finalizers = [];
    for (const each of plan.remove) each.metadata.deletionTimestamp ??= new Date(this.#time).toISOString();
    for (const { index, annotations } of plan.create) {
      const fresh = pod(index!, 'Running', undefined, { uid: `made-${this.made++}` });
      Object.assign(fresh.metadata.annotations!, annotations);
      this.pods.push(fresh);
    }
    this.pods = this.pods.filter(
      ({ metadata, status }) => metadata.finalizers?.length || (status?.phase === 'Running' && !isFinished(this.job)),
    );
    const busy = this.pods
      .filter(({ status, metadata }) => status?.phase === 'Running' && !metadata.deletionTimestamp)
      .map((each) => each.metadata.annotations![indexKey]);
    expect(new Set(busy).size).toBe(busy.length);
  }
}

test('what a Job no longer wants does not count as failed: suspended, or with less at once', () => {
  const running = [pod(0, 'Running'), pod(1, 'Running')];
  const started = { startTime: '2026-01-01T00:00:00Z' };
  const suspended = planJob({ ...job(2, { suspend: true }), status: started } as Job, running, now);
  expect(suspended.remove).toHaveLength(2);
  expect(suspended).toMatchObject({ isOver: false, status: started });
  expect(planJob(job(2, { parallelism: 1 }), running, now)).toMatchObject({ isOver: false, remove: [{}] });
});

test('what ends with its Job counts', () => {
  const plan = planJob(job(2, { backoffLimit: 0 }), [pod(0, 'Failed', 1), pod(1, 'Running')], now);
  expect(plan.isOver).toBe(true);
  expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(['j-1']);
});
