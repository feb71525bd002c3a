// How pods and their containers are ended: hooks, grace, order, deadlines, and what their statuses tell of it.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods } from '../agent-process.fixture.ts';

const timeout = 40_000;

describe.skipIf(!canRunPods)('the end of a pod', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  const isReady = async (name: string) =>
    (await cluster.pod(name))?.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  /** It hears what it is told from now on. */
  const isUp = (name: string, container = 'main') =>
    expect.poll(() => cluster.log(name, `?container=${container}`).catch(() => []), { timeout }).toEqual(['up']);
  const isGone = (name: string) => expect.poll(() => cluster.pod(name), { timeout }).toBeUndefined();
  const diary = () => {
    const path = `${cluster.folder}/diary`;
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  };
  const volumes = () => [{ name: 'shared', hostPath: { path: cluster.folder } }];
  const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
  /** Writes its last word when it is told to end. */
  const says = (word: string, lastMs = 0) =>
    `trap 'sleep ${lastMs / 1000}; echo ${word} >> /shared/diary; exit 0' TERM; echo up; while :; do sleep 0.05; done`;
  const remove = async (name: string, graceSeconds: number) => {
    await cluster.peer.json('DELETE', `/api/v1/namespaces/default/pods/${name}?gracePeriodSeconds=${graceSeconds}`);
  };

  it('runs its preStop hook before it is told, within the grace period', async () => {
    const preStop = { exec: { command: ['bash', '-c', 'echo hooked-hook >> /shared/diary'] } };
    await cluster.createPod('hooked', says('hooked-end'), {
      pod: { volumes: volumes(), terminationGracePeriodSeconds: 20 },
      container: { volumeMounts, lifecycle: { preStop } },
    });
    await isUp('hooked');
    await remove('hooked', 20);
    await isGone('hooked');
    expect(diary().filter((word) => word.startsWith('hooked'))).toEqual(['hooked-hook', 'hooked-end']);
  });

  it('is told even when its hook takes all of the grace period, and has a moment left', async () => {
    const preStop = { exec: { command: ['sleep', '1000'] } };
    await cluster.createPod('slow', says('slow-end'), {
      pod: { volumes: volumes() },
      container: { volumeMounts, lifecycle: { preStop } },
    });
    await isUp('slow');
    await remove('slow', 1);
    await isGone('slow');
    expect(diary().filter((word) => word.startsWith('slow'))).toEqual(['slow-end']);
    expect(await cluster.eventsOf('slow')).not.toContain('FailedPreStopHook: PreStopHook failed');
  });

  it('whose preStop hook fails says so, and ends all the same', async () => {
    const preStop = { exec: { command: ['bash', '-c', 'echo secret; exit 4'] } };
    await cluster.createPod('failing', says('failing-end'), {
      pod: { volumes: volumes() },
      container: { volumeMounts, lifecycle: { preStop } },
    });
    await isUp('failing');
    await remove('failing', 20);
    await isGone('failing');
    expect(diary().filter((word) => word.startsWith('failing'))).toEqual(['failing-end']);
    await expect
      .poll(() => cluster.eventsOf('failing'), { timeout })
      .toContain('FailedPreStopHook: PreStopHook failed');
    expect((await cluster.eventsOf('failing')).join()).not.toContain('secret');
  });

  it('runs the preStop hook too where a probe finds the container dead', async () => {
    const preStop = { exec: { command: ['bash', '-c', 'echo dead-hook >> /shared/diary'] } };
    const livenessProbe = {
      exec: { command: ['test', '!', '-e', '/shared/is-ill'] },
      periodSeconds: 1,
      failureThreshold: 1,
    };
    await cluster.createPod('dead', says('dead-end'), {
      pod: { volumes: volumes(), terminationGracePeriodSeconds: 20 },
      container: { volumeMounts, livenessProbe, lifecycle: { preStop } },
    });
    await isUp('dead');
    writeFileSync(`${cluster.folder}/is-ill`, '');
    await expect.poll(() => cluster.phase('dead'), { timeout }).toBe('Succeeded');
    expect(diary().filter((word) => word.startsWith('dead'))).toEqual(['dead-hook', 'dead-end']);
  });

  it('ends its sidecars after its containers, the last one first', async () => {
    const sidecar = (name: string) => ({
      name,
      image: 'host',
      restartPolicy: 'Always',
      command: ['bash', '-c', says(`aided-${name}`)],
      volumeMounts,
    });
    await cluster.createPod('aided', says('aided-main', 1000), {
      pod: { volumes: volumes(), initContainers: [sidecar('first'), sidecar('second')] },
      container: { volumeMounts },
    });
    for (const name of ['first', 'second', 'main']) await isUp('aided', name);
    await remove('aided', 20);
    await isGone('aided');
    expect(diary().filter((word) => word.startsWith('aided'))).toEqual(['aided-main', 'aided-second', 'aided-first']);
  });

  it('is ready only with its sidecars', async () => {
    const readinessProbe = { exec: { command: ['test', '-e', '/shared/is-well'] }, periodSeconds: 1 };
    const sidecar = { name: 'sidecar', image: 'host', restartPolicy: 'Always', readinessProbe, volumeMounts };
    await cluster.createPod('gated', 'exec sleep 1000', {
      pod: { volumes: volumes(), initContainers: [{ ...sidecar, command: ['sleep', '1000'] }] },
      container: { volumeMounts },
    });
    await expect.poll(() => cluster.phase('gated'), { timeout }).toBe('Running');
    const conditions = (await cluster.pod('gated'))!.status!.conditions!;
    expect(conditions.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: expect.stringContaining('sidecar'),
    });
    writeFileSync(`${cluster.folder}/is-well`, '');
    await expect.poll(() => isReady('gated'), { timeout }).toBe(true);
  });

  it('is ready only when what stands at its gates is true', async () => {
    const gate = 'example.com/balanced';
    await cluster.createPod('gate', 'exec sleep 1000', { pod: { readinessGates: [{ conditionType: gate }] } });
    const ready = async () => {
      const { conditions = [] } = (await cluster.pod('gate'))?.status ?? {};
      const found = (wanted: string) => conditions.find(({ type }) => type === wanted);
      return [found('ContainersReady')?.status, found('Ready')?.status, found('Ready')?.message];
    };
    const missing = `corresponding condition of pod readiness gate "${gate}" does not exist.`;
    await expect.poll(ready, { timeout }).toEqual(['True', 'False', missing]);
    const say = async (status: string) => {
      const { conditions = [] } = (await cluster.pod('gate'))!.status!;
      const others = conditions.filter(({ type }) => type !== gate);
      const body = { status: { conditions: [...others, { type: gate, status }] } };
      await cluster.peer.json('PATCH', '/api/v1/namespaces/default/pods/gate/status', body);
    };
    await say('True');
    await expect.poll(ready, { timeout }).toEqual(['True', 'True', undefined]);
    await say('False');
    const closed = `the status of pod readiness gate "${gate}" is not "True", but False`;
    await expect.poll(ready, { timeout }).toEqual(['True', 'False', closed]);
  });

  it('starts a sidecar again that ended, while its containers run on', async () => {
    const sidecar = {
      name: 'sidecar',
      image: 'host',
      restartPolicy: 'Always',
      command: ['bash', '-c', 'echo run >> /shared/sidecar; [ $(wc -l < /shared/sidecar) -gt 1 ] && exec sleep 1000'],
      volumeMounts,
    };
    await cluster.createPod('renewed', 'exec sleep 1000', {
      pod: { volumes: volumes(), initContainers: [sidecar], restartPolicy: 'Never' },
      container: { volumeMounts },
    });
    const restarts = async () => {
      const { initContainerStatuses, containerStatuses } = (await cluster.pod('renewed'))?.status ?? {};
      const of = [initContainerStatuses?.[0], containerStatuses?.[0]];
      return of.map((status) => [status?.restartCount, status?.state.running !== undefined]);
    };
    await expect.poll(restarts, { timeout }).toEqual([
      [1, true],
      [0, true],
    ]);
  });

  it('may take a year for its life, and another for its end', async () => {
    const year = 365 * 24 * 3600;
    await cluster.createPod('patient', says('patient-end', 1000), {
      pod: { volumes: volumes(), activeDeadlineSeconds: year, terminationGracePeriodSeconds: year },
      container: {
        volumeMounts,
        livenessProbe: { exec: { command: ['false'] }, initialDelaySeconds: year },
        lifecycle: { preStop: { exec: { command: ['true'] } } },
      },
    });
    await isUp('patient');
    await remove('patient', year);
    await isGone('patient');
    expect(diary()).toContain('patient-end');
    expect((await cluster.eventsOf('patient')).filter((each) => /Deadline|Unhealthy|Failed/.test(each))).toEqual([]);
  });

  it('at its deadline is failed when its containers have ended, not before', async () => {
    const script = `trap 'touch /shared/was-told; while [ ! -e /shared/may-go ]; do sleep 0.05; done; exit 0' TERM; echo up; while :; do sleep 0.05; done`;
    await cluster.createPod('late', script, {
      pod: { volumes: volumes(), terminationGracePeriodSeconds: 60 },
      container: { volumeMounts },
    });
    await isUp('late');
    await cluster.peer.json('PATCH', '/api/v1/namespaces/default/pods/late', { spec: { activeDeadlineSeconds: 1 } });
    await expect.poll(() => existsSync(`${cluster.folder}/was-told`), { timeout }).toBe(true);
    await expect
      .poll(() => cluster.eventsOf('late'), { timeout })
      .toContain('DeadlineExceeded: Pod was active on the node longer than the specified deadline');
    const early = (await cluster.pod('late'))!.status!;
    expect([early.phase, early.reason]).toEqual(['Running', undefined]);
    writeFileSync(`${cluster.folder}/may-go`, '');
    await expect.poll(() => cluster.phase('late'), { timeout }).toBe('Failed');
    const { reason, message, containerStatuses } = (await cluster.pod('late'))!.status!;
    expect({ reason, message }).toEqual({
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
    expect(containerStatuses![0]!.state.terminated?.exitCode).toBe(0);
  });

  it('starts a container when the postStart hook of the one before is done', async () => {
    await cluster.create('/api/v1/namespaces/default/pods', {
      metadata: { name: 'both' },
      spec: {
        terminationGracePeriodSeconds: 0,
        volumes: volumes(),
        containers: [
          {
            name: 'first',
            image: 'host',
            command: ['sleep', '1000'],
            volumeMounts,
            lifecycle: { postStart: { exec: { command: ['bash', '-c', 'sleep 1; echo both-hook >> /shared/diary'] } } },
          },
          {
            name: 'second',
            image: 'host',
            command: ['bash', '-c', 'echo both-second >> /shared/diary; exec sleep 1000'],
            volumeMounts,
          },
        ],
      },
    });
    await expect.poll(() => isReady('both'), { timeout }).toBe(true);
    await expect
      .poll(() => diary().filter((word) => word.startsWith('both')), { timeout })
      .toEqual(['both-hook', 'both-second']);
  });

  it('with a container that waits for something is pending, though another runs', async () => {
    await cluster.create('/api/v1/namespaces/default/pods', {
      metadata: { name: 'half' },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          { name: 'runs', image: 'host', command: ['sleep', '1000'] },
          { name: 'waits', image: 'host', command: ['true'], envFrom: [{ configMapRef: { name: 'nowhere' } }] },
        ],
      },
    });
    const states = async () => (await cluster.pod('half'))?.status?.containerStatuses?.map(({ state }) => state);
    await expect
      .poll(states, { timeout })
      .toMatchObject([{ running: {} }, { waiting: { reason: 'CreateContainerConfigError' } }]);
    expect(await cluster.phase('half')).toBe('Pending');
  });
});

describe.skipIf(!canRunPods)('the last words of a container', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  const messages = async (name: string) => {
    await expect.poll(async () => (await cluster.pod(name))?.status?.phase, { timeout }).toMatch(/Succeeded|Failed/);
    return (await cluster.pod(name))!.status!.containerStatuses!.map(({ state }) => state.terminated?.message);
  };

  it('are the last 4096 bytes of its file', async () => {
    const path = '/tmp/words';
    await cluster.createPod('wordy', `printf 'ä%.0s' {1..3000} > ${path}; printf end >> ${path}`, {
      container: { terminationMessagePath: path },
    });
    const [message] = await messages('wordy');
    expect(Buffer.byteLength(message!.replaceAll('\ufffd', 'x'))).toBe(4096);
    expect(message).toMatch(/äend$/);
  });

  it('are of all containers of a pod no more than 12 KiB, each a like part', async () => {
    const command = ['bash', '-c', "printf 'a%.0s' {1..4000} > /dev/termination-log"];
    await cluster.create('/api/v1/namespaces/default/pods', {
      metadata: { name: 'many' },
      spec: {
        restartPolicy: 'Never',
        containers: ['a', 'b', 'c', 'd'].map((name) => ({ name, image: 'host', command })),
      },
    });
    expect((await messages('many')).map((message) => message!.length)).toEqual([3072, 3072, 3072, 3072]);
  });

  it('are its log, where it failed and asks for that: 80 lines and 2048 bytes of it', async () => {
    const container = { terminationMessagePolicy: 'FallbackToLogsOnError' };
    await cluster.createPod('lines', 'for n in {1..200}; do echo $n; done; exit 3', { container });
    await cluster.createPod('bytes', "for n in {1..20}; do printf 'b%.0s' {1..200}; echo; done; exit 3", { container });
    await cluster.createPod('unended', 'printf "no end of line"; exit 3', { container });
    await cluster.createPod('well', 'echo nothing to say', { container });
    const [lines] = await messages('lines');
    expect(lines!.split('\n').slice(0, -1)).toEqual(Array.from({ length: 80 }, (_, index) => String(index + 121)));
    expect((await messages('bytes'))[0]!.length).toBe(2048);
    expect(await messages('unended')).toEqual(['no end of line']);
    expect(await messages('well')).toEqual([undefined]);
  });
});
