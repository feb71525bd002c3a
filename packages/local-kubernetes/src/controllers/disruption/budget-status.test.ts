import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import type { Pod } from '../../node-agent/pod-types.ts';
import { type BudgetSpec, budgetStatus, failedStatus } from './budget-status.ts';

const now = new Date('2026-01-01T00:05:00Z');
const pod = (name: string, isReady = true, metadata: object = {}): Pod =>
  ({
    metadata: { name, ...metadata },
    spec: { containers: [] },
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  }) as unknown as Pod;
const budget = (spec: BudgetSpec, status?: object): KubernetesObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'b', generation: 2 },
  spec,
  ...(status ? { status } : {}),
});
const three = [pod('a'), pod('b'), pod('c')];

describe('what a budget allows', () => {
  it.each<[what: string, spec: BudgetSpec, pods: readonly Pod[], scale: number, numbers: number[]]>([
    // disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods
    ['two of three stay', { minAvailable: 2 }, three, 0, [1, 3, 2, 3]],
    ['all stay', { minAvailable: 3 }, three, 0, [0, 3, 3, 3]],
    ['one is not ready', { minAvailable: 2 }, [...three.slice(1), pod('a', false)], 0, [0, 2, 2, 3]],
    [
      'one goes already',
      { minAvailable: 1 },
      [...three.slice(1), pod('a', true, { deletionTimestamp: 'x' })],
      0,
      [1, 2, 1, 3],
    ],
    ['half of five, rounded up', { minAvailable: '50%' }, three, 5, [0, 3, 3, 5]],
    ['one may be gone of three', { maxUnavailable: 1 }, three, 3, [1, 3, 2, 3]],
    ['more may be gone than there are', { maxUnavailable: 9 }, three, 3, [3, 3, 0, 3]],
    ['no pods are seen', { minAvailable: 0 }, [], 0, [0, 0, 0, 0]],
    ['nothing is asked for', {}, three, 0, [0, 3, 0, 0]],
  ])('%s', (_, spec, pods, scale, numbers) => {
    const status = budgetStatus(budget(spec), pods, scale, now);
    const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = status;
    expect([disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods]).toEqual(numbers);
    expect(status.conditions).toMatchObject([
      { type: 'DisruptionAllowed', status: disruptionsAllowed > 0 ? 'True' : 'False', observedGeneration: 2 },
    ]);
  });

  it('counts a pod that was evicted as gone, for two minutes', () => {
    const disruptedPods = { a: '2026-01-01T00:04:00Z', b: '2026-01-01T00:02:00Z', gone: '2026-01-01T00:04:59Z' };
    const status = budgetStatus(budget({ minAvailable: 1 }, { disruptedPods }), three, 0, now);
    expect(status.disruptedPods).toEqual({ a: '2026-01-01T00:04:00Z' });
    expect(status.currentHealthy).toBe(2);
  });

  it('keeps the time of a condition that stays', () => {
    const first = budgetStatus(budget({ minAvailable: 1 }), three, 0, now);
    const later = new Date('2026-01-01T01:00:00Z');
    expect(budgetStatus(budget({ minAvailable: 2 }, first), three, 0, later).conditions).toEqual(first.conditions);
    expect(budgetStatus(budget({ minAvailable: 3 }, first), three, 0, later).conditions[0]).toMatchObject({
      reason: 'InsufficientPods',
      lastTransitionTime: '2026-01-01T01:00:00Z',
    });
  });

  it('allows nothing where it cannot be reckoned', () => {
    const before = budgetStatus(budget({ minAvailable: 1 }), three, 0, now);
    expect(failedStatus(budget({}, before), 'no scale', now)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: 'no scale' }],
    });
  });
});
