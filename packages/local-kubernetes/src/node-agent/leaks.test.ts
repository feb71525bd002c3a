// Nothing of a pod or an agent outlives it: agents killed while pods start, mount and end, several agents on one
// machine, containers that will not go, and many pods at once.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods, end, processesWith } from './agent-process.fixture.ts';
import type { Pod } from './pod-types.ts';

const timeout = 60_000;
const podsPath = '/api/v1/namespaces/default/pods';

describe.skipIf(!canRunPods)('nothing is left', { timeout: 3 * timeout }, () => {
  let cluster: AgentCluster;
  beforeEach(async () => {
    cluster = await AgentCluster.start();
  });
  afterEach(() => cluster?.stop());

  const pods = async () => (await cluster.peer.json('GET', podsPath)).body['items'] as Pod[];
  const phases = async () => (await pods()).map(({ status }) => status?.phase);
  const links = () => readFileSync('/proc/net/dev', 'utf8').match(/lk[0-9a-f]{10}/g) ?? [];
  const mounts = () =>
    readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((each) => each.includes(cluster.folder));
  const removeAll = async () => {
    for (const { metadata } of await pods()) await cluster.deletePod(metadata.name!);
    await expect.poll(pods, { timeout }).toEqual([]);
  };
  /** What there may be after the end of all pods. */
  const isClean = async (mark: string) => {
    await expect.poll(() => processesWith(mark), { timeout }).toEqual([]);
    await expect
      .poll(() => (existsSync(cluster.podsFolder) ? readdirSync(cluster.podsFolder) : []), { timeout })
      .toEqual([]);
    expect(mounts()).toEqual([]);
  };
  /** What there may be after the end of an agent. */
  const isGone = async (mark: string) => {
    await expect.poll(() => processesWith(mark), { timeout }).toEqual([]);
    await expect.poll(links, { timeout }).not.toContain(cluster.link);
    await expect.poll(() => cluster.belongings(), { timeout }).toEqual([]);
    await expect.poll(() => processesWith(cluster.podsFolder), { timeout }).toEqual([]);
    expect(mounts()).toEqual([]);
  };
  const volumes = [
    { name: 'memory', emptyDir: { medium: 'Memory' } },
    { name: 'disk', emptyDir: {} },
    { name: 'words', configMap: { name: 'words' } },
  ];
  const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/data/${name}` }));

  it('of pods whose agent is killed at any moment of their start, mounting and end', async () => {
    const mark = '47301';
    await cluster.create('/api/v1/namespaces/default/configmaps', { metadata: { name: 'words' }, data: { a: 'b' } });
    await cluster.create('/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', {
      metadata: { name: 'nobody' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    for (const [round, delayMs] of [0, 15, 30, 60, 90, 130, 180, 250].entries()) {
      for (const number of [0, 1]) {
        await cluster.createPod(`p${round}-${number}`, `trap 'sleep 0.3; exit' TERM; sleep ${mark} & wait`, {
          pod: { volumes, terminationGracePeriodSeconds: 5, restartPolicy: 'Always' },
          container: { volumeMounts, resources: { limits: { memory: '100Mi', cpu: '500m' } } },
        });
      }
      if (round % 2 === 1) for (const { metadata } of await pods()) await cluster.deletePod(metadata.name!);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await end(cluster.agent, 'SIGKILL');
      await isGone(mark);
      await cluster.startAgent();
    }
    await expect.poll(async () => [...new Set(await phases())], { timeout }).toEqual([]);
    await isClean(mark);
    await end(cluster.agent, 'SIGTERM');
    await isGone(mark);
  });

  it('of one of two agents of the machine, and the pods of the other run on', async () => {
    const mark = '47302';
    const other = await cluster.startAgent('node-1');
    const spec = (nodeName: string) => ({
      nodeName,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'main', image: 'host', command: ['sleep', `${mark}${nodeName.at(-1)}`] }],
    });
    for (const node of ['node-0', 'node-1'])
      await cluster.create(podsPath, { metadata: { name: `on-${node}` }, spec: spec(node) });
    await expect.poll(phases, { timeout }).toEqual(['Running', 'Running']);
    const before = processesWith(`${mark}1`);
    expect(before).toHaveLength(1);
    await end(cluster.agent, 'SIGKILL');
    await isGone(`${mark}0`);
    expect(processesWith(`${mark}1`)).toEqual(before);
    await cluster.startAgent();
    await expect.poll(() => processesWith(`${mark}0`).length, { timeout }).toBe(1);
    expect(processesWith(`${mark}1`)).toEqual(before);
    await removeAll();
    await isClean(mark);
    await end(other, 'SIGTERM');
  });

  it('of a container that forks without end and hears no signal', async () => {
    const mark = '47303';
    const script = `trap '' TERM INT HUP QUIT; for n in {1..40}; do (trap '' TERM INT HUP; while :; do setsid sleep ${mark} & sleep 0.2; done) & done; wait`;
    await cluster.createPod('bomb', script, {
      pod: { terminationGracePeriodSeconds: 1 },
      container: { resources: { limits: { memory: '500Mi' } } },
    });
    await expect.poll(() => processesWith(mark).length, { timeout }).toBeGreaterThan(200);
    await cluster.peer.json('DELETE', `${podsPath}/bomb?gracePeriodSeconds=1`);
    await expect.poll(() => cluster.pod('bomb'), { timeout }).toBeUndefined();
    await isClean(mark);
    await cluster.createPod('again', script, { pod: { terminationGracePeriodSeconds: 1 } });
    await expect.poll(() => processesWith(mark).length, { timeout }).toBeGreaterThan(200);
    await end(cluster.agent, 'SIGKILL');
    await isGone(mark);
  });

  it('of a hundred pods that come and go at once', async () => {
    const mark = '47304';
    const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    await cluster.createPod('first', `sleep ${mark}`);
    await Promise.all(names.map((name) => cluster.createPod(name, `exec sleep ${mark}`)));
    await expect
      .poll(async () => (await phases()).filter((phase) => phase === 'Running').length, { timeout: 2 * timeout })
      .toBe(101);
    const addresses = new Set((await pods()).map(({ status }) => status?.podIP));
    expect(addresses.size).toBe(101);
    await removeAll();
    await isClean(mark);
    const groups = cluster.belongings().filter((each) => each.includes('/cgroup'));
    expect(
      groups.flatMap((group) => readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory())),
    ).toEqual([]);
  });
});
