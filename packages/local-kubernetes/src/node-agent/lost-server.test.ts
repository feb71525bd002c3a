// Pods outlive the absence of their API server; nothing of them outlives their agent.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods, end, processesWith } from './agent-process.fixture.ts';

const timeout = 30_000;

describe.skipIf(!canRunPods)('a node agent', () => {
  let cluster: AgentCluster;
  const restarts = async (name: string) => (await cluster.pod(name))?.status?.containerStatuses?.[0]?.restartCount;

  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  it('lets pods run on while its server is away, and tells what happened when it is back', async () => {
    await cluster.createPod('counts', 'for n in {1..1000}; do echo line $n; sleep 0.05; done');
    await cluster.createPod('ends', 'while [ ! -e /tmp/gate/open ]; do sleep 0.02; done; exit 7', {
      pod: { volumes: [{ name: 'gate', hostPath: { path: cluster.folder } }] },
      container: { volumeMounts: [{ name: 'gate', mountPath: '/tmp/gate' }] },
    });
    // Its start needs an answer that does not come for a while.
    await expect.poll(() => cluster.phase('counts'), { timeout }).toBe('Running');
    await expect.poll(() => cluster.phase('ends'), { timeout }).toBe('Running');
    await cluster.createPod('begins', 'echo begun; exec sleep 1000', {
      container: { envFrom: [{ configMapRef: { name: 'later' } }] },
    });
    await expect
      .poll(async () => JSON.stringify((await cluster.pod('begins'))?.status), { timeout })
      .toContain('CreateContainerConfigError');
    const before = (await cluster.log('counts')).length;
    await cluster.create('/api/v1/namespaces/default/configmaps', { metadata: { name: 'later' }, data: { A: 'b' } });
    await end(cluster.server, 'SIGKILL');
    writeFileSync(join(cluster.folder, 'open'), '');
    await expect.poll(() => cluster.said, { timeout }).toContain('the API server is away, pods run on');
    const uids = readdirSync(cluster.podsFolder);
    const counted = () =>
      uids
        .map((uid) => join(cluster.podsFolder, uid, 'logs', 'main', '0.log'))
        .filter((path) => existsSync(path))
        .map((path) => readFileSync(path, 'utf8').split('line').length)
        .reduce((most, count) => Math.max(most, count), 0);
    const then = counted();
    await expect.poll(counted, { timeout }).toBeGreaterThan(then + 10);
    await cluster.startServer();
    await expect.poll(() => cluster.phase('ends'), { timeout }).toBe('Failed');
    expect((await cluster.pod('ends'))!.status!.containerStatuses![0]!.state.terminated?.exitCode).toBe(7);
    await expect.poll(() => cluster.phase('begins'), { timeout }).toBe('Running');
    expect(cluster.said).not.toContain('NodeAgentError');
    const lines = await cluster.log('counts');
    expect(lines.length).toBeGreaterThan(before);
    expect(lines).toEqual(lines.map((_, index) => `line ${index + 1}`));
    expect(await restarts('counts')).toBe(0);
    for (const name of ['counts', 'ends', 'begins']) await cluster.deletePod(name);
    for (const name of ['counts', 'ends', 'begins'])
      await expect.poll(() => cluster.pod(name), { timeout }).toBeUndefined();
  });

  it('killed, leaves no process, mount or address; its next start goes on with the pods', async () => {
    const volumes = [
      { name: 'kept', emptyDir: {} },
      { name: 'memory', emptyDir: { medium: 'Memory' } },
    ];
    const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/data/${name}` }));
    const script =
      'echo run >> /data/kept/runs; echo "runs $(wc -l < /data/kept/runs)"; sleep 47110 & exec sleep 47111';
    await cluster.createPod('service', script, {
      pod: { restartPolicy: 'Always', volumes },
      container: { volumeMounts },
    });
    // One who is nobody special: what changes its user forgets whose end is to end it.
    await cluster.createPod('user', 'exec sleep 47112', { container: { securityContext: { runAsUser: 1234 } } });
    await cluster.createPod('done', 'echo the last word');
    await cluster.createPod('dead', 'exec sleep 47113', { pod: { restartPolicy: 'Always' } });
    for (const name of ['service', 'user', 'dead'])
      await expect.poll(() => cluster.phase(name), { timeout }).toBe('Running');
    await expect.poll(() => cluster.phase('done'), { timeout }).toBe('Succeeded');
    await expect.poll(() => cluster.log('service'), { timeout }).toEqual(['runs 1']);
    expect(processesWith('sleep 4711')).toHaveLength(4);
    const links = () => readFileSync('/proc/net/dev', 'utf8').match(/lk[0-9a-f]{10}/g) ?? [];
    expect(links()).toContain(cluster.link);
    const hasGroups = cluster.said.includes('limits of memory') === false;
    expect(cluster.belongings().some((each) => each.includes('/cgroup'))).toBe(hasGroups);
    const startTime = async () => (await cluster.pod('service'))!.status!.startTime;
    const started = await startTime();
    await end(cluster.agent, 'SIGKILL');
    await expect.poll(() => processesWith('sleep 4711'), { timeout }).toEqual([]);
    await expect.poll(links, { timeout }).not.toContain(cluster.link);
    await expect.poll(() => cluster.belongings(), { timeout }).toEqual([]);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(cluster.podsFolder);
    await cluster.deletePod('dead');
    await cluster.startAgent();
    await expect.poll(() => restarts('service'), { timeout }).toBe(1);
    await expect.poll(() => cluster.log('service'), { timeout }).toEqual(['runs 2']);
    expect(await cluster.log('service', '?previous=true')).toEqual(['runs 1']);
    const service = (await cluster.pod('service'))!.status!.containerStatuses![0]!;
    expect(await startTime()).toBe(started);
    const unknown = { exitCode: 137, reason: 'ContainerStatusUnknown', startedAt: null, finishedAt: null };
    const lost = 'The container could not be located when the pod was';
    expect(service.lastState.terminated).toMatchObject({
      ...unknown,
      message: `${lost} deleted.  The container used to be Running`,
    });
    await expect.poll(() => cluster.phase('user'), { timeout }).toBe('Failed');
    const user = (await cluster.pod('user'))!.status!.containerStatuses![0]!;
    expect(user.state.terminated).toMatchObject({ ...unknown, message: `${lost} terminated` });
    expect(await cluster.phase('done')).toBe('Succeeded');
    expect(await cluster.log('done')).toEqual(['the last word']);
    await expect.poll(() => cluster.pod('dead'), { timeout }).toBeUndefined();
    for (const name of ['service', 'user', 'done']) await cluster.deletePod(name);
    await expect.poll(() => readdirSync(cluster.podsFolder), { timeout }).toEqual([]);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(cluster.podsFolder);
    expect(processesWith('sleep 4711')).toEqual([]);
    await end(cluster.agent, 'SIGTERM');
    expect(cluster.belongings()).toEqual([]);
  });
});
