import type { KubernetesObject, MiniCluster } from '@ebb/minicluster';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from './outcome.ts';
import type { PodView } from './pod-view.ts';

const lead: PodView = {
  name: 'm-0',
  index: 0,
  isRunning: true,
  isReady: true,
  isDeleting: false,
  hasFailed: false,
  isLabelled: true,
  isConsidered: true,
};
const ended = (exitCode: number, ofProgram = true): PodView => ({
  ...lead,
  isRunning: false,
  ended: { exitCode, message: ofProgram ? JSON.stringify({ program: { exitCode } }) : '' },
});
const cluster = { metadata: { name: 'm' }, spec: {} } as MiniCluster;
const job = (type?: string) =>
  ({ metadata: {}, status: { conditions: type ? [{ type, status: 'True' }] : [] } }) as unknown as KubernetesObject;

describe('the outcome', () => {
  it.each([
    ['nothing has ended', undefined, [lead], { isFinished: false, state: 'Running' }],
    ['the program succeeded', undefined, [ended(0)], { isFinished: true, isJobOver: false, state: 'Succeeded' }],
    ['the program failed', undefined, [ended(5)], { isFinished: true, state: 'Failed', exitCode: 5 }],
    ['the broker was lost, not the program', undefined, [ended(137, false)], { isFinished: false, state: 'Running' }],
    ['the Job is complete', 'Complete', [ended(0)], { isFinished: true, isJobOver: true, state: 'Succeeded' }],
    ['the Job failed by the program', 'Failed', [ended(5)], { isJobOver: true, state: 'Failed', exitCode: 5 }],
    ['the Job failed by another container', 'Failed', [ended(0)], { isJobOver: true, state: 'Succeeded', exitCode: 0 }],
    ['the Job failed, and the pod is gone', 'Failed', [], { isJobOver: true, state: 'Failed' }],
    ['the Job is heard of before the pod', 'Failed', [lead], { isFinished: false, state: 'Running' }],
    ['the Job failed and ends its pods', 'FailureTarget', [{ ...lead, isDeleting: true }], { state: 'Failed' }],
  ])('when %s', (_, condition, pods, expected) => {
    expect(outcomeOf({ cluster, job: job(condition), pods })).toMatchObject(expected);
  });

  it('stays what it was while the container of a program that failed runs again, and begins anew with another Job', () => {
    const told = { ...cluster, status: { program: { state: 'Failed', exitCode: 7 } } } as MiniCluster;
    const withLimit = (backoffLimit: number) => ({ ...job(), spec: { backoffLimit } }) as unknown as KubernetesObject;
    const failed = { isFinished: true, state: 'Failed', exitCode: 7, message: 'the program ended with status 7' };
    expect(outcomeOf({ cluster: told, job: withLimit(0), pods: [lead] })).toMatchObject(failed);
    expect(outcomeOf({ cluster: told, job: withLimit(100), pods: [lead] })).toMatchObject({ state: 'Running' });
  });
});
