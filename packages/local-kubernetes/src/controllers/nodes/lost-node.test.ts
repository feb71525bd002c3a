// A node that is heard of no more: NotReady, tainted, its pods replaced, and collected when it does not come back.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods, end } from '../../node-agent/agent-process.fixture.ts';
import type { Pod } from '../../node-agent/pod-types.ts';

const timeout = 30_000;
const timings = { monitorMs: 200, graceMs: 2000, collectMs: 200, quarantineMs: 500, mostEndedPods: 3 };

interface Node {
  spec: { taints?: { key: string; effect: string }[] };
  status: { conditions: { type: string; status: string; reason: string }[] };
}

describe.skipIf(!canRunPods)('a lost node', () => {
  let cluster: AgentCluster;
  let second: Awaited<ReturnType<AgentCluster['startAgent']>>;
  beforeAll(async () => {
    cluster = await AgentCluster.start(timings);
    second = await cluster.startAgent('node-1');
  });
  afterAll(async () => {
    await end(second, 'SIGTERM');
    await cluster?.stop();
  });

  const node = async (name: string) =>
    (await cluster.peer.json('GET', `/api/v1/nodes/${name}`)).body as unknown as Node;
  const ready = async (name: string) => (await node(name)).status.conditions.find(({ type }) => type === 'Ready');
  const taints = async (name: string) =>
    ((await node(name)).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
  const phase = async (name: string) => (await cluster.pod(name))?.status?.phase;
  const soon = (tolerationSeconds: number) => [
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds },
  ];

  it('is told, tainted and emptied; its Job goes on elsewhere; back again it is as before', async () => {
    const template = {
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 20,
        tolerations: soon(1),
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                preference: {
                  matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }],
                },
              },
            ],
          },
        },
        containers: [{ name: 'main', image: 'host', command: ['sleep', '48110'] }],
      },
    };
    await cluster.create('/apis/batch/v1/namespaces/default/jobs', {
      metadata: { name: 'work' },
      spec: { template, backoffLimit: 3 },
    });
    await cluster.createPod('patient', 'exec sleep 48111', { pod: { nodeName: 'node-1', tolerations: soon(3600) } });
    const workers = async (): Promise<Pod[]> => {
      const { body } = await cluster.peer.json('GET', '/api/v1/namespaces/default/pods?labelSelector=job-name%3Dwork');
      return body['items'] as Pod[];
    };
    const at = async () => (await workers()).map(({ spec, status }) => `${spec.nodeName} ${status?.phase}`).sort();
    await expect.poll(at, { timeout }).toEqual(['node-1 Running']);
    await expect.poll(() => phase('patient'), { timeout }).toBe('Running');

    await end(second, 'SIGKILL');
    await expect.poll(async () => (await ready('node-1'))?.status, { timeout }).toBe('Unknown');
    expect((await ready('node-1'))?.reason).toBe('NodeStatusUnknown');
    expect((await ready('node-0'))?.status).toBe('True');
    await expect
      .poll(() => taints('node-1'), { timeout })
      .toEqual(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']);
    await expect.poll(at, { timeout }).toContain('node-0 Running');
    const lost = (await workers()).find(({ spec }) => spec.nodeName === 'node-1');
    // Of a node that is only lost, its pods wait for it; a toleration gives them longer.
    if (lost) expect(lost.metadata.deletionTimestamp).toBeDefined();
    expect(lost?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason).toBe(
      'DeletionByTaintManager',
    );
    const patient = (await cluster.pod('patient'))!;
    expect(patient.metadata.deletionTimestamp).toBeUndefined();
    expect(patient.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');

    second = await cluster.startAgent('node-1');
    await expect.poll(async () => (await ready('node-1'))?.status, { timeout }).toBe('True');
    await expect.poll(() => taints('node-1'), { timeout }).toEqual([]);
    await expect.poll(at, { timeout }).toEqual(['node-0 Running']);
    await cluster.deletePod('patient');
  });

  it('keeps its pods when no node is heard of: that is not a reason to end everything', async () => {
    await cluster.createPod('survivor', 'exec sleep 48112', {
      pod: { nodeName: 'node-1', terminationGracePeriodSeconds: 30, tolerations: soon(0) },
    });
    await expect.poll(() => phase('survivor'), { timeout }).toBe('Running');
    // One after the other: of two that are killed at once, either may be missed first.
    await end(cluster.agent, 'SIGKILL');
    await expect.poll(() => taints('node-0'), { timeout }).toContain('node.kubernetes.io/unreachable:NoExecute');
    await end(second, 'SIGKILL');
    for (const name of ['node-0', 'node-1']) {
      await expect.poll(() => taints(name), { timeout }).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    }
    expect((await cluster.pod('survivor'))?.metadata.deletionTimestamp).toBeUndefined();
    await cluster.startAgent();
    await expect
      .poll(async () => (await cluster.pod('survivor'))?.metadata.deletionTimestamp, { timeout })
      .toBeDefined();
  });

  it('deleted, takes its pods with it', async () => {
    expect(await cluster.pod('survivor')).toBeDefined();
    await cluster.peer.json('DELETE', '/api/v1/nodes/node-1');
    await expect.poll(() => cluster.pod('survivor'), { timeout }).toBeUndefined();
  });

  it('or not: of ended pods only so many stay, the youngest', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      await cluster.createPod(name, 'true');
      await expect.poll(async () => (await phase(name)) ?? 'gone', { timeout }).toMatch(/Succeeded|gone/);
    }
    const left = async () => {
      const there = await Promise.all(names.map(async (name) => ((await cluster.pod(name)) ? name : '')));
      return there.join('').length;
    };
    await expect.poll(left, { timeout }).toBe(3);
    expect(await cluster.pod('e')).toBeDefined();
  });
});
