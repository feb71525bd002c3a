// What a pod's spec says, seen from inside its containers and in its events.

import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods } from '../agent-process.fixture.ts';

const timeout = 40_000;

describe.skipIf(!canRunPods)('a pod', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  const toEnd = (name: string) => cluster.logOfEnd(name, timeout);

  it('starts what follows a sidecar when its startup probe succeeds, and ends the sidecar last', async () => {
    const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
    const say = (word: string) => ['bash', '-c', `ls /shared; echo ${word} >> /shared/log`];
    const sidecar = 'trap "exit 0" TERM; sleep 2; touch /shared/is-ready; while :; do sleep 0.1; done';
    await cluster.createPod('aided', 'cat /shared/log; test -e /shared/is-ready', {
      pod: {
        terminationGracePeriodSeconds: 5,
        volumes: [{ name: 'shared', emptyDir: {} }],
        initContainers: [
          { name: 'first', image: 'host', command: say('first'), volumeMounts },
          {
            name: 'sidecar',
            image: 'host',
            restartPolicy: 'Always',
            command: ['bash', '-c', sidecar],
            startupProbe: {
              exec: { command: ['test', '-e', '/shared/is-ready'] },
              periodSeconds: 1,
              failureThreshold: 60,
            },
            volumeMounts,
          },
          { name: 'second', image: 'host', command: say('second'), volumeMounts },
        ],
      },
      container: { volumeMounts },
    });
    expect(await toEnd('aided')).toEqual(['first', 'second']);
    expect(await cluster.log('aided', '?container=second')).toContain('is-ready');
    const statuses = (await cluster.pod('aided'))!.status!.initContainerStatuses!;
    expect(statuses.find(({ name }) => name === 'sidecar')?.state.terminated?.exitCode).toBe(0);
  });

  it('has the name servers it asks for, safe sysctls, and its own names for addresses', async () => {
    await cluster.createPod(
      'named',
      'cat /etc/resolv.conf /proc/sys/net/ipv4/ip_unprivileged_port_start; tail -2 /etc/hosts',
      {
        pod: {
          dnsPolicy: 'None',
          dnsConfig: { nameservers: ['10.9.8.7'], searches: ['a.b'], options: [{ name: 'ndots', value: '2' }] },
          hostAliases: [{ ip: '10.1.2.3', hostnames: ['foo', 'bar'] }],
          securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '81' }] },
        },
      },
    );
    const lines = await toEnd('named');
    expect(lines.slice(0, 4)).toEqual(['search a.b', 'nameserver 10.9.8.7', 'options ndots:2', '81']);
    expect(lines).toContain('10.1.2.3\tfoo\tbar');
  });

  it('with a sysctl that is not safe is turned away', async () => {
    await cluster.createPod('unsafe', 'true', {
      pod: { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '65536' }] } },
    });
    await expect.poll(() => cluster.phase('unsafe'), { timeout }).toBe('Failed');
    const { reason, message, containerStatuses } = (await cluster.pod('unsafe'))!.status!;
    expect({ reason, message }).toEqual({
      reason: 'SysctlForbidden',
      message: 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
    });
    expect(containerStatuses ?? []).toEqual([]);
  });

  it('without limits is told those of its node', async () => {
    const field = (resource: string) => ({ valueFrom: { resourceFieldRef: { resource } } });
    const env = [
      { name: 'MEMORY', ...field('limits.memory') },
      { name: 'ASKED', ...field('requests.memory') },
    ];
    await cluster.createPod('unlimited', 'echo $MEMORY $ASKED', { container: { env } });
    const { body } = await cluster.peer.json('GET', '/api/v1/nodes/node-0');
    const { memory } = (body['status'] as { allocatable: Record<string, string> }).allocatable;
    expect(await toEnd('unlimited')).toEqual([`${Number(memory!.replace('Ki', '')) * 1024} 0`]);
  });

  it('has a token that only its one user may read', async () => {
    const token = '/var/run/secrets/kubernetes.io/serviceaccount/token';
    await cluster.createPod('user', `stat -Lc '%a %u' ${token}`, { pod: { securityContext: { runAsUser: 1234 } } });
    await cluster.createPod('root', `stat -Lc '%a %u' ${token}`);
    expect(await toEnd('user')).toEqual(['600 1234']);
    expect(await toEnd('root')).toEqual(['644 0']);
  });

  it('in the network of its node has its name and its hosts', async () => {
    await cluster.createPod('near', 'hostname; echo $HOSTNAME; head -1 /etc/hosts', { pod: { hostNetwork: true } });
    expect(await toEnd('near')).toEqual(['node-0', 'node-0', '# Kubernetes-managed hosts file (host network).']);
    expect(hostname()).not.toBe('node-0');
  });

  it('whose hooks fail says so, and nothing of what they wrote', async () => {
    const lifecycle = { postStart: { exec: { command: ['bash', '-c', 'echo a secret; exit 3'] } } };
    await cluster.createPod('hooked', 'exec sleep 1000', { container: { lifecycle } });
    await expect.poll(() => cluster.phase('hooked'), { timeout }).toBe('Failed');
    await expect
      .poll(() => cluster.eventsOf('hooked'), { timeout })
      .toEqual(expect.arrayContaining(['FailedPostStartHook: PostStartHook failed', 'Killing: FailedPostStartHook']));
  });

  it('is not asked how it is while it is ended for not being well', async () => {
    const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
    const livenessProbe = {
      // Not before it can be told to end.
      exec: { command: ['test', '!', '-e', '/shared/is-ill'] },
      periodSeconds: 1,
      failureThreshold: 1,
      terminationGracePeriodSeconds: 30,
    };
    const script = 'trap "sleep 3; exit 0" TERM; touch /shared/is-ill; while :; do sleep 0.1; done';
    await cluster.createPod('ill', script, {
      pod: { volumes: [{ name: 'shared', emptyDir: {} }] },
      container: { livenessProbe, volumeMounts },
    });
    await expect.poll(() => cluster.phase('ill'), { timeout }).toBe('Succeeded');
    const heard = (await cluster.eventsOf('ill')).filter((each) => each.startsWith('Unhealthy'));
    expect(heard).toEqual(['Unhealthy: Liveness probe failed: ']);
  });
});
