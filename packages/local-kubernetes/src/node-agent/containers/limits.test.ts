// Limits of memory and processor, kept by control groups of real pods.

import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods } from '../agent-process.fixture.ts';
import { ControlGroups } from '../host/cgroup.ts';

const canLimit = await ControlGroups.open('probe').then(
  (groups) => groups.close().then(() => true),
  () => false,
);

describe.skipIf(!canRunPods || !canLimit)('limits of a pod', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  it('ends a container that takes more memory than it may: OOMKilled, 137', async () => {
    const limits = { memory: '48Mi' };
    await cluster.createPod('greedy', 'exec perl -e \'$x = "x" x 200_000_000; sleep 60\'', {
      container: { resources: { limits } },
    });
    await expect.poll(async () => (await cluster.pod('greedy'))?.status?.phase, { timeout: 20_000 }).toBe('Failed');
    const [status] = (await cluster.pod('greedy'))!.status!.containerStatuses!;
    expect(status!.state.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(status!.state.terminated).not.toHaveProperty('signal');
  });

  it('leaves a container alone that takes less, and removes its group at its end', async () => {
    const limits = { memory: '200Mi', cpu: '500m' };
    await cluster.createPod('modest', 'cat /proc/self/cgroup; exec perl -e \'$x = "x" x 20_000_000\'', {
      container: { resources: { limits } },
    });
    await expect.poll(async () => (await cluster.pod('modest'))?.status?.phase, { timeout: 20_000 }).toBe('Succeeded');
    const own = (await cluster.log('modest')).join('\n');
    const { uid } = (await cluster.pod('modest'))!.metadata;
    expect(own).toContain(`${uid}-main-0`);
    // Those of other agents come and go meanwhile.
    const folders = cluster.belongings().filter((each) => each.includes('/cgroup'));
    expect(folders).not.toEqual([]);
    const groups = folders.flatMap((folder) => readdirSync(folder));
    expect(groups.filter((each) => each.includes(uid!))).toEqual([]);
  });

  it('of the pod as a whole hold for its containers together', async () => {
    const resources = { limits: { memory: '100Mi', cpu: '400m' }, requests: { memory: '1Mi', cpu: '10m' } };
    const hold = (mebibytes: number) => `perl -e '$x = "x" x ${mebibytes << 20}; print "holds\\n"; sleep 60'`;
    const other = (script: string) => [{ name: 'other', image: 'host', command: ['bash', '-c', script] }];
    const statuses = async (name: string) => (await cluster.pod(name))?.status?.containerStatuses ?? [];
    // Either alone would do.
    await cluster.create('/api/v1/namespaces/default/pods', {
      metadata: { name: 'greedy-two' },
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        resources,
        containers: [
          { name: 'main', image: 'host', command: ['bash', '-c', `exec ${hold(30)}`] },
          ...other(`exec ${hold(40)}`),
        ],
      },
    });
    await expect
      .poll(async () => (await statuses('greedy-two')).map(({ state }) => state.terminated?.reason), {
        timeout: 20_000,
      })
      .toContain('OOMKilled');
    await cluster.deletePod('greedy-two');
    await expect.poll(() => cluster.pod('greedy-two'), { timeout: 20_000 }).toBeUndefined();
    const folders = cluster.belongings().filter((each) => each.includes('/cgroup'));
    const groups = () => folders.flatMap((folder) => readdirSync(folder, { withFileTypes: true }));
    await expect.poll(() => groups().filter((each) => each.isDirectory()), { timeout: 20_000 }).toEqual([]);
  });

  it('lets a container have no more of a processor than it may', async () => {
    const script = 'a=$(date +%s%N); timeout 3 sh -c "while :; do :; done"; b=$(date +%s%N); times; echo $((b - a))';
    await cluster.createPod('slow', script, { container: { resources: { limits: { cpu: '200m' } } } });
    await expect.poll(async () => (await cluster.pod('slow'))?.status?.phase, { timeout: 50_000 }).toBe('Succeeded');
    const [, children, nanoseconds] = await cluster.log('slow');
    const [, minutes, seconds] = /^(\d+)m([\d.]+)s/.exec(children!)!;
    // However long a loaded machine took for it.
    expect((Number(minutes) * 60 + Number(seconds)) / (Number(nanoseconds) / 1e9)).toBeLessThan(0.4);
  });
});
