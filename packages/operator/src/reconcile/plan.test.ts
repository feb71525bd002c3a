/** What is left to do when a program has ended. */
import { type KubernetesObject, type MiniCluster, normalize, registrationOf } from '@ebb/minicluster';
import { describe, expect, it } from 'vitest';
import type { Observed } from './observed.ts';
import { plan } from './plan.ts';

const now = Date.parse('2026-01-01T00:01:00Z');

/** A MiniCluster of three whose program ended some seconds ago. */
function ended(exitCode: number, secondsAgo: number, more: Partial<Observed> = {}): Observed {
  const cluster: MiniCluster = {
    apiVersion: 'flux-framework.org/v1alpha2',
    kind: 'MiniCluster',
    metadata: { name: 'm', namespace: 'ns', uid: 'u', generation: 1 },
    spec: { size: 3, containers: [{ image: 'x', command: 'true' }] },
  };
  const resolved = normalize(cluster);
  const job: KubernetesObject = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'm' },
    spec: { parallelism: 3, completions: 3, backoffLimit: 100 },
  };
  const finishedAt = new Date(now - secondsAgo * 1000).toISOString();
  const message = JSON.stringify({ program: { exitCode } });
  const lead = {
    ...{
      name: 'm-0',
      index: 0,
      isRunning: false,
      isReady: false,
      isDeleting: false,
      isLabelled: true,
      isConsidered: true,
    },
    hasFailed: exitCode !== 0,
    ended: { exitCode, message, finishedAt },
  };
  return {
    ...{ cluster, resolved, job, now, pods: [lead], flux: undefined, awaitsFlux: false },
    registration: registrationOf(resolved, undefined, undefined),
    drainingSince: undefined,
    idleSince: undefined,
    ...more,
  };
}

describe('a program that ended', () => {
  it('well leaves its workers ten seconds to go by themselves', () => {
    expect(plan(ended(0, 4))).toMatchObject({ actions: [], lookAgainMs: 6000, status: { phase: 'Succeeded' } });
  });

  it('well sends away workers that have missed it', () => {
    const spec = { parallelism: 1, completions: 1 };
    expect(plan(ended(0, 11)).actions).toEqual([{ kind: 'patch-job', spec }]);
  });

  it('badly ends its Job at once', () => {
    const { actions, status } = plan(ended(7, 0));
    expect(actions).toEqual([{ kind: 'patch-job', spec: { backoffLimit: 0 } }]);
    expect(status.program).toMatchObject({ state: 'Failed', exitCode: 7 });
  });
});
