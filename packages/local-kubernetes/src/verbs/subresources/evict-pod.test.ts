// What disruption budgets say to an eviction. Where both servers can be asked, test/corpus and test/kubectl ask them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import type { StatusError } from '../../client/status-error.ts';
import { type ControlPlane, startControlPlane } from '../../facade/control-plane.ts';

const namespace = 'default';
const pods = { apiVersion: 'v1', plural: 'pods', namespace };
const budgets = { apiVersion: 'policy/v1', plural: 'poddisruptionbudgets', namespace };
const it1 = { ...pods, name: 'it' };
let folder: string;
let plane: ControlPlane;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evictions-'));
  plane = await startControlPlane({ stateFolder: folder, port: 0, isInMemory: true, log: () => {} });
});
afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  const containers = [{ name: 'main', image: 'host' }];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'it', labels: { app: 'it' } } };
  await plane.client.create(pods, { ...pod, spec: { containers, nodeName: 'node-0' } });
  await runs(true);
});
afterEach(async () => {
  for (const { metadata } of (await plane.client.list(budgets)).items)
    await plane.client.delete({ ...budgets, name: metadata.name! });
  if (await pod()) await plane.client.delete(it1, { gracePeriodSeconds: 0 });
});

const pod = (): Promise<KubernetesObject | undefined> => plane.client.get(it1).catch(() => undefined);

async function runs(isReady: boolean, phase = 'Running'): Promise<void> {
  const status = { phase, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] };
  await plane.client.patch({ ...it1, subresource: 'status' }, { status }, 'merge');
}

/** @param status what its controller would have said of it, of this generation unless it says otherwise */
async function guard(status: object, spec: object = {}, name = 'guard'): Promise<void> {
  const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name } };
  await plane.client.create(budgets, {
    ...budget,
    spec: { selector: { matchLabels: { app: 'it' } }, minAvailable: 1, ...spec },
  });
  const counts = {
    disruptionsAllowed: 0,
    currentHealthy: 1,
    desiredHealthy: 1,
    expectedPods: 1,
    observedGeneration: 1,
  };
  await plane.client.patch({ ...budgets, name, subresource: 'status' }, { status: { ...counts, ...status } }, 'merge');
}

/** What comes of it, as code, reason, message and seconds to wait. */
async function evict(deleteOptions?: object): Promise<unknown[]> {
  const object = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'it' }, deleteOptions };
  try {
    await plane.client.create({ ...it1, subresource: 'eviction' }, object);
    return [201];
  } catch (error) {
    const { code, status } = error as StatusError;
    return [
      code,
      status.reason,
      status.details?.causes?.[0]?.message ?? status.message,
      status.details?.retryAfterSeconds,
    ];
  }
}
const budgetStatus = async () => (await plane.client.get({ ...budgets, name: 'guard' }))['status'];

describe('an eviction', () => {
  it('takes a disruption from the budget, and the last one with a word', async () => {
    await guard({
      disruptionsAllowed: 1,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: 'True',
          reason: 'SufficientPods',
          message: '',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    });
    expect(await evict()).toEqual([201]);
    expect(await budgetStatus()).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { it: expect.stringMatching(/Z$/) },
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
    });
    expect((await pod())?.metadata.deletionTimestamp).toBeDefined();
    expect((await pod())?.['status']).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }),
      ]),
    });
  });

  it('tried dry takes nothing', async () => {
    await guard({ disruptionsAllowed: 1 });
    expect(await evict({ dryRun: ['All'] })).toEqual([201]);
    expect(await budgetStatus()).toMatchObject({ disruptionsAllowed: 1 });
    expect((await pod())?.metadata.deletionTimestamp).toBeUndefined();
  });

  const failed = { type: 'DisruptionAllowed', lastTransitionTime: '2026-01-01T00:00:00Z' };
  const cannot = 'The disruption budget guard does not allow evicting pods currently';
  it.each([
    ['of too few', {}, 'The disruption budget guard needs 1 healthy pods and has 1 currently', 0],
    [
      'of a budget that has changed since',
      { observedGeneration: 0, disruptionsAllowed: 1 },
      'The disruption budget guard is still being processed by the server.',
      10,
    ],
    [
      'of a budget that could not be counted',
      { conditions: [{ ...failed, status: 'False', reason: 'SyncFailed', message: 'no scale' }] },
      `${cannot} because it failed sync: no scale`,
      0,
    ],
    [
      'of enough, for another reason',
      { currentHealthy: 3, conditions: [{ ...failed, status: 'False', reason: 'Odd', message: 'so it is' }] },
      `${cannot} (Odd): so it is`,
      0,
    ],
    ['of enough, for no reason', { currentHealthy: 3 }, cannot, 0],
  ])('is refused because %s', async (_, status, message, seconds) => {
    await guard(status);
    expect(await evict()).toEqual([429, 'TooManyRequests', message, seconds || undefined]);
    expect((await pod())?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('is refused where two budgets speak of the pod', async () => {
    await guard({ disruptionsAllowed: 1 });
    await guard({ disruptionsAllowed: 1 }, {}, 'other');
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    expect((await evict()).slice(0, 3)).toEqual([500, undefined, message]);
  });

  it('of a pod that has not begun, or has ended, asks no budget', async () => {
    await guard({});
    await runs(false, 'Pending');
    expect(await evict()).toEqual([201]);
  });

  it('of a pod that is not ready costs nothing where others are enough, or the budget says so', async () => {
    await runs(false);
    await guard({ currentHealthy: 0 });
    expect((await evict())[0]).toBe(429);
    await plane.client.delete({ ...budgets, name: 'guard' });
    await guard({ currentHealthy: 1 });
    expect(await evict({ dryRun: ['All'] })).toEqual([201]);
    await plane.client.delete({ ...budgets, name: 'guard' });
    await guard({ currentHealthy: 0, observedGeneration: 0 }, { unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    expect(await evict()).toEqual([201]);
    expect(await budgetStatus()).not.toHaveProperty('disruptedPods');
  });

  it('of another pod of the name is refused; where the budget was not asked because the pod is not ready, for a while', async () => {
    const uid = '00000000-0000-0000-0000-000000000000';
    expect((await evict({ preconditions: { uid } }))[0]).toBe(409);
    await runs(false);
    await guard({}, { unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    expect((await evict({ preconditions: { uid } })).slice(0, 3)).toEqual([
      429,
      'TooManyRequests',
      'The disruption budget guard is still being processed by the server.',
    ]);
    expect((await evict({ preconditions: { uid, resourceVersion: '1' } }))[0]).toBe(409);
  });
});
