// Where and as what a pod's containers run: names, ports of the machine, runtimes, rights, rules of their restarts, and
// how much they may write. What cannot be had is refused by name.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { cpus } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods } from '../agent-process.fixture.ts';

const timeout = 50_000;

describe.skipIf(!canRunPods)('a pod', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  const toEnd = (name: string) => cluster.logOfEnd(name, timeout);
  const remove = async (name: string) => {
    await cluster.deletePod(name);
    await expect.poll(() => cluster.pod(name), { timeout }).toBeUndefined();
  };
  const said = (port: number) =>
    new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (chunk: Buffer) => (text += chunk));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.on('end', () => resolve(text));
    });

  it('has the whole domain name where it asks for that; one that is too long keeps it waiting', async () => {
    const pod = { subdomain: 'web', setHostnameAsFQDN: true };
    await cluster.createPod('full', 'hostname; echo $HOSTNAME; grep web /etc/hosts', { pod });
    const [kernel, variable, hosts] = await toEnd('full');
    expect([kernel, variable]).toEqual(Array(2).fill('full.web.default.svc.cluster.local'));
    expect(hosts!.split('\t').slice(1)).toEqual(['full.web.default.svc.cluster.local', 'full']);
    const long = 'a'.repeat(50);
    await cluster.createPod(long, 'true', { pod });
    await expect
      .poll(() => cluster.eventsOf(long), { timeout })
      .toContainEqual(
        expect.stringMatching(
          /^FailedCreatePodSandBox: Failed to create pod sandbox: failed to construct FQDN .* is too long \(64 characters is the max, 80 characters requested\)$/,
        ),
      );
    expect(await cluster.phase(long)).toBe('Pending');
    await remove(long);
  });

  const ports = [{ containerPort: 8080, hostPort: 38_471 }];
  const serve = (word: string) =>
    `exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1); while ($c = $s->accept) { print $c "${word}"; close $c }'`;

  it('is reached by a port of the machine, for which it waits while another program has it', async () => {
    const other = createServer().listen(38_471, '0.0.0.0');
    await once(other, 'listening');
    await cluster.createPod('first', serve('first'), { container: { ports } });
    await expect
      .poll(() => cluster.eventsOf('first'), { timeout })
      .toContainEqual(expect.stringMatching(/^FailedCreatePodSandBox: .*EADDRINUSE.*38471/));
    other.close();
    await expect.poll(() => said(38_471), { timeout }).toBe('first');
    await remove('first');
    await expect.poll(() => said(38_471), { timeout }).toBe('ECONNREFUSED');
  });

  it('that its node has no room for is turned away, though it was bound to it', async () => {
    const bind = (name: string, spec: object, container: object = {}) =>
      cluster.createPod(name, 'exec sleep 47220', { pod: { nodeName: 'node-0', ...spec }, container });
    const requests = { cpu: `${cpus().length}` };
    await bind('holder', {}, { ports, resources: { requests } });
    await expect.poll(() => cluster.phase('holder'), { timeout }).toBe('Running');
    await bind('hungry', {}, { resources: { requests: { cpu: '10m' } } });
    await bind('rival', {}, { ports });
    await bind('stray', { nodeSelector: { rack: 'b' } });
    const thousandths = 1000 * cpus().length;
    for (const [name, reason, message] of [
      [
        'hungry',
        'OutOfcpu',
        `Node didn't have enough resource: cpu, requested: 10, used: ${thousandths}, capacity: ${thousandths}`,
      ],
      ['rival', 'NodePorts', "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"],
      ['stray', 'NodeAffinity', "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"],
    ]) {
      await expect
        .poll(async () => (await cluster.pod(name!))?.status, { timeout })
        .toMatchObject({ phase: 'Failed', reason, message: `Pod was rejected: ${message}` });
      expect(await cluster.eventsOf(name!)).toContain(`${reason}: ${message}`);
      await remove(name!);
    }
    // What has ended leaves its room to others.
    await remove('holder');
    await bind('next', {}, { ports, resources: { requests } });
    await expect.poll(() => cluster.phase('next'), { timeout }).toBe('Running');
    await remove('next');
  });

  it('of a RuntimeClass runs where its handler is the one there is, and waits where it is another', async () => {
    for (const [name, handler] of [
      ['plain', 'runc'],
      ['sandboxed', 'kata'],
    ]) {
      await cluster.create('/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name }, handler });
    }
    await cluster.createPod('plain', 'echo runs', { pod: { runtimeClassName: 'plain' } });
    expect(await toEnd('plain')).toEqual(['runs']);
    await cluster.createPod('sandboxed', 'echo runs', { pod: { runtimeClassName: 'sandboxed' } });
    await expect
      .poll(() => cluster.eventsOf('sandboxed'), { timeout })
      .toContain(
        'FailedCreatePodSandBox: Failed to create pod sandbox: failed to get sandbox runtime: no runtime for "kata" is configured',
      );
    await remove('sandboxed');
  });

  it('that asks for what no process here can have is turned away by name', async () => {
    await cluster.createPod('armored', 'true', {
      pod: { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } },
    });
    await cluster.createPod('filtered', 'true', {
      container: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'x.json' } } },
    });
    await cluster.createPod('datagrams', 'true', {
      container: { ports: [{ containerPort: 5353, hostPort: 38_472, protocol: 'UDP' }] },
    });
    for (const [name, reason, message] of [
      ['armored', 'AppArmor', 'Cannot enforce AppArmor: AppArmor is not enabled on the host'],
      ['filtered', 'Seccomp', 'seccompProfile Localhost: this node filters no system calls'],
      ['datagrams', 'HostPort', 'spec.containers[0].ports: this node forwards host ports of TCP alone'],
    ]) {
      await expect
        .poll(async () => (await cluster.pod(name!))?.status, { timeout })
        .toMatchObject({ phase: 'Failed', reason, message: `Pod was rejected: ${message}` });
    }
    await cluster.createPod('default', 'echo runs', {
      pod: { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
    });
    expect(await toEnd('default')).toEqual(['runs']);
    expect(await cluster.eventsOf('default')).toContain(
      'SeccompNotApplied: seccompProfile RuntimeDefault is not applied: this node filters no system calls',
    );
  });

  it('starts a container again by its own rules', async () => {
    const restartPolicyRules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
    const volumeMounts = [{ name: 'kept', mountPath: '/kept' }];
    await cluster.createPod('ruled', 'echo run >> /kept/runs; [ $(wc -l < /kept/runs) = 1 ] && exit 42; exit 7', {
      pod: { volumes: [{ name: 'kept', emptyDir: {} }] },
      container: { restartPolicy: 'Never', restartPolicyRules, volumeMounts },
    });
    await expect.poll(() => cluster.phase('ruled'), { timeout }).toBe('Failed');
    const [status] = (await cluster.pod('ruled'))!.status!.containerStatuses!;
    expect([status!.restartCount, status!.state.terminated?.exitCode]).toEqual([1, 7]);
    expect(status!.lastState.terminated?.exitCode).toBe(42);
  });

  it('shares its processes, keeps few rights, and writes nowhere but where it may', async () => {
    const other = { name: 'other', image: 'host', command: ['sleep', '47210'] };
    const script = [
      'until grep -qs 47210 /proc/[0-9]*/cmdline; do sleep 0.05; done; echo sees',
      'touch /here 2>&1 | grep -o "Read-only file system"',
      'touch /scratch/there && echo writes',
      'grep -E "^(CapBnd|NoNewPrivs)" /proc/self/status | xargs',
    ].join('\n');
    await cluster.create('/api/v1/namespaces/default/pods', {
      metadata: { name: 'confined' },
      spec: {
        shareProcessNamespace: true,
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        volumes: [{ name: 'scratch', emptyDir: {} }],
        containers: [
          {
            name: 'main',
            image: 'host',
            command: ['bash', '-c', script],
            volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
            securityContext: {
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
            },
          },
          other,
        ],
      },
    });
    await expect
      .poll(() => cluster.log('confined', '?container=main').catch(() => []), { timeout })
      .toEqual(['sees', 'Read-only file system', 'writes', 'CapBnd: 0000000000000400 NoNewPrivs: 1']);
    await remove('confined');
  });

  it('that writes more than it may is evicted', async () => {
    const fill = (path: string) => `dd if=/dev/zero of=${path} bs=1M count=3 2> /dev/null; sync; exec sleep 1000`;
    await cluster.createPod('spills', fill('/scratch/x'), {
      pod: { volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '1Mi' } }] },
      container: { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] },
    });
    await cluster.createPod('spreads', fill('/var/x'), {
      container: { resources: { limits: { 'ephemeral-storage': '2Mi' } } },
    });
    for (const [name, message] of [
      ['spills', 'Usage of EmptyDir volume "scratch" exceeds the limit "1Mi". '],
      ['spreads', 'Pod ephemeral local storage usage exceeds the total limit of containers 2Mi. '],
    ]) {
      await expect
        .poll(async () => (await cluster.pod(name!))?.status, { timeout })
        .toMatchObject({ phase: 'Failed', reason: 'Evicted', message });
      expect(await cluster.eventsOf(name!)).toContain(`Evicted: ${message}`);
    }
  });
});
