// Real pods under NetworkPolicies: who reaches whom, and from when on.

import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../../system-program.fixture.ts';
import { AgentCluster, canRunPods, end } from '../agent-process.fixture.ts';
import { PolicedPods, timeout } from './policed-pods.fixture.ts';

describe.skipIf(!canRunPods || !hasProgram('nft', 'iptables'))('pods under NetworkPolicies', () => {
  let cluster: AgentCluster;
  let pods: PolicedPods;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
    pods = new PolicedPods(cluster);
    for (const [name, team] of [
      ['blue', 'blue'],
      ['green', 'green'],
    ])
      await cluster.create('/api/v1/namespaces', { metadata: { name, labels: { team } } });
    const ports = [{ name: 'http', containerPort: 8080 }];
    await pods.make('web', { labels: { app: 'web' }, container: { ports } });
    await pods.make('client', { labels: { app: 'client' } });
    await pods.make('other', { labels: { app: 'other' } });
    await pods.make('blue', {
      namespace: 'blue',
      labels: { app: 'client' },
      container: { ports: [{ name: 'http', containerPort: 9090 }] },
    });
    await pods.make('green', { namespace: 'green', labels: { app: 'client' } });
  });
  afterAll(() => cluster?.stop());
  afterEach(async () => {
    await pods.removePolicies();
    await pods.expectOf('other', { open: ['web:80', 'UDP web:53'] });
  });
  const addressOf = async (name: string, namespace?: string) => (await pods.get(name, namespace)).status!.podIP!;

  it('take what comes from whom their rules name, by labels of pods and namespaces', async () => {
    await pods.expectOf('client', { open: ['web:80', 'web:81', 'UDP web:53'] });
    await pods.policy('by-label', {
      ingress: [
        { from: [{ podSelector: { matchLabels: { app: 'client' } } }], ports: [{ port: 80 }] },
        { from: [{ namespaceSelector: { matchLabels: { team: 'blue' } } }] },
      ],
    });
    await pods.expectOf('client', { open: ['web:80'], shut: ['web:81', 'UDP web:53'] });
    await pods.expectOf('other', { shut: ['web:80', 'web:81'] });
    await pods.expectOf('blue', { open: ['web:80', 'web:81', 'UDP web:53'] }, 'blue');
    await pods.expectOf('green', { shut: ['web:80', 'web:81'] }, 'green');
    // Itself it always reaches, and it goes where it likes.
    await pods.expectOf('web', { open: ['web:81', '127.0.0.1:80', 'other:80', 'UDP blue.blue:53'] });
    await pods.policy('more', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'other' } } }] }] });
    await pods.expectOf('other', { open: ['web:80', 'web:81', 'UDP web:53'] });
    await pods.expectOf('client', { open: ['web:80'], shut: ['web:81', 'UDP web:53'] });
  });

  it('take ports by number, range, name and protocol', async () => {
    await pods.policy('ports', {
      ingress: [{ ports: [{ port: 'http' }, { port: 80, endPort: 80 }, { protocol: 'UDP', port: 53 }] }],
    });
    await pods.expectOf('other', { open: ['web:8080', 'web:80', 'UDP web:53'], shut: ['web:81', 'web:9090'] });
    await pods.removePolicies();
    await pods.policy('range', { ingress: [{ ports: [{ port: 81, endPort: 9000 }, { protocol: 'SCTP' }] }] });
    await pods.expectOf('other', { open: ['web:81', 'web:8080'], shut: ['web:80', 'web:9090', 'UDP web:53'] });
  });

  it('take what comes from blocks of addresses, but for what is left out', async () => {
    const [client, other] = [await addressOf('client'), await addressOf('other')];
    const all = { cidr: '10.64.0.0/10', except: [`${client}/32`] };
    await pods.policy('blocks', { ingress: [{ from: [{ ipBlock: all }, { ipBlock: { cidr: 'fd00::/8' } }] }] });
    await pods.expectOf('client', { shut: ['web:80'] });
    await pods.expectOf('other', { open: ['web:80'] });
    await pods.removePolicies();
    await pods.policy('one', { ingress: [{ from: [{ ipBlock: { cidr: `${other}/32` } }] }] });
    await pods.expectOf('other', { open: ['web:80'] });
    await pods.expectOf('client', { shut: ['web:80'] });
  });

  it('reach only whom their rules name, at the ports that those have by name', async () => {
    await pods.policy('out', {
      policyTypes: ['Egress'],
      egress: [
        { to: [{ podSelector: { matchLabels: { app: 'other' } } }], ports: [{ protocol: 'UDP', port: 53 }] },
        { to: [{ namespaceSelector: { matchLabels: { team: 'blue' } } }], ports: [{ port: 'http' }] },
      ],
    });
    await pods.expectOf('web', {
      open: ['UDP other:53', 'blue.blue:9090', 'web:80'],
      shut: ['other:80', 'client:80', 'blue.blue:8080', 'UDP blue.blue:53', 'green.green:9090'],
    });
    // What others ask of it, it answers; and its node it reaches, where the API is.
    const { address, port } = await apiOfPods();
    await pods.expectOf('other', { open: ['web:80', 'UDP web:53'] });
    const reach = `exec 3<>/dev/tcp/${address}/${port} && echo reached`;
    expect(await pods.within('web', ['timeout', '5', 'bash', '-c', reach])).toBe('reached');
  });

  it('see the labels of pods and namespaces change, and policies change and go', async () => {
    await pods.policy('changing', {
      ingress: [
        { from: [{ podSelector: { matchLabels: { role: 'guest' } } }] },
        { from: [{ namespaceSelector: { matchLabels: { role: 'guest' } } }] },
      ],
    });
    const guest = { role: 'guest' };
    await pods.expectOf('client', { shut: ['web:80'] });
    await pods.label('/api/v1/namespaces/default/pods/client', guest);
    await pods.expectOf('client', { open: ['web:80'] });
    await pods.label('/api/v1/namespaces/default/pods/client', { role: null });
    await pods.expectOf('client', { shut: ['web:80'] });
    await pods.expectOf('green', { shut: ['web:80'] }, 'green');
    await pods.label('/api/v1/namespaces/green', guest);
    await pods.expectOf('green', { open: ['web:80'] }, 'green');
    await pods.label('/api/v1/namespaces/green', { role: null });
    await pods.expectOf('green', { shut: ['web:80'] }, 'green');
    // The pod that is meant changes too.
    await pods.label('/api/v1/namespaces/default/pods/web', { app: 'free' });
    await pods.expectOf('green', { open: ['web:80'] }, 'green');
    await pods.label('/api/v1/namespaces/default/pods/web', { app: 'web' });
    await pods.expectOf('green', { shut: ['web:80'] }, 'green');
    const path = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies/changing';
    await cluster.peer.json('PATCH', path, { spec: { ingress: [{ ports: [{ port: 80 }] }] } });
    await pods.expectOf('green', { open: ['web:80'], shut: ['web:81'] }, 'green');
    await cluster.peer.json('DELETE', path);
    await pods.expectOf('green', { open: ['web:80', 'web:81'] }, 'green');
  });

  it('are isolated from their first moment on, and reached by their node all the same', async () => {
    await pods.policy('nothing', { podSelector: { matchLabels: { app: 'shut' } }, policyTypes: ['Ingress', 'Egress'] });
    const before = await addressOf('green', 'green');
    const number = before.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const next = [1, 2, 3].map((more) => [24, 16, 8, 0].map((shift) => ((number + more) >> shift) & 255).join('.'));
    const knocked = `taken from ${await addressOf('other')}`;
    // Somebody knocks where the next pods will be, as often as he can.
    const knock = `while :; do for a in ${next.join(' ')}; do timeout 0.02 bash -c "exec 3<>/dev/tcp/$a/80" 2>/dev/null; done; done`;
    const knocker = spawn('nsenter', ['-t', String(pods.processOf('other')), '-n', 'bash', '-c', knock], {
      stdio: 'ignore',
    });
    try {
      const readinessProbe = { tcpSocket: { port: 80 }, periodSeconds: 1 };
      await Promise.all([
        pods.make('shut', { labels: { app: 'shut' }, container: { readinessProbe } }),
        pods.make('free', { labels: { app: 'free' } }),
      ]);
      expect(next).toEqual(expect.arrayContaining([await addressOf('shut'), await addressOf('free')]));
      await expect.poll(() => pods.log('free'), { timeout }).toContain(knocked);
      await expect.poll(() => isReady('shut'), { timeout }).toBe(true);
    } finally {
      await end(knocker, 'SIGKILL');
    }
    const taken = await pods.log('shut');
    expect(taken).toContain(`taken from ${(await apiOfPods()).address}`);
    expect(taken).not.toContain(knocked);
    await pods.expectOf('other', { shut: ['shut:80', 'UDP shut:53'] });
    const first = `timeout 1 bash -c 'exec 3<>/dev/tcp/${await addressOf('other')}/80; read -r line <&3; echo $line'; echo end`;
    await pods.make('goer', { labels: { app: 'shut' }, script: first });
    await expect.poll(() => pods.log('goer'), { timeout }).toEqual(['end']);
    await pods.make('free-goer', { script: first });
    await expect.poll(() => pods.log('free-goer'), { timeout }).toEqual(['hello', 'end']);
  });

  it('of another agent are seen under their own addresses', async () => {
    const other = await cluster.startAgent('node-1');
    try {
      await pods.make('far', { labels: { app: 'client' }, spec: { nodeName: 'node-1' } });
      await pods.make('stranger', { labels: { app: 'stranger' }, spec: { nodeName: 'node-1' } });
      await pods.expectOf('far', { open: ['web:80'] });
      await pods.policy('by-label', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }] });
      await pods.expectOf('stranger', { shut: ['web:80', 'UDP web:53'] });
      await pods.expectOf('far', { open: ['web:80', 'UDP web:53'] });
      await pods.policy('far', { podSelector: { matchLabels: { app: 'stranger' } } });
      await pods.expectOf('web', { open: ['far:80'], shut: ['stranger:80'] });
    } finally {
      await end(other, 'SIGTERM');
    }
  });

  it('keep a connection that is older than the policy', async () => {
    const echo = `use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 7, Listen => 5, ReuseAddr => 1); $| = 1; print "ready\\n";
      while (my $c = $s->accept) { next if fork; while (my $line = <$c>) { print $c $line } exit }`;
    await pods.make('echo', { labels: { app: 'echo' }, container: { command: ['perl', '-e', echo] } });
    const talk = `exec 3<>/dev/tcp/${await addressOf('echo')}/7; while read -r line; do echo $line >&3; read -r back <&3; echo $back; done`;
    const talker = spawn('nsenter', ['-t', String(pods.processOf('client')), '-n', 'bash', '-c', talk], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      let heard = '';
      talker.stdout.on('data', (chunk: Buffer) => (heard += chunk));
      talker.stdin.write('before\n');
      await expect.poll(() => heard, { timeout }).toBe('before\n');
      await pods.policy('nobody', { podSelector: { matchLabels: { app: 'echo' } } });
      await expect
        .poll(() => pods.within('client', ['bash', '-c', `${talk.split(';')[0]} & sleep 0.5; kill %1 && echo waits`]), {
          timeout,
        })
        .toBe('waits');
      talker.stdin.write('after\n');
      await expect.poll(() => heard, { timeout }).toBe('before\nafter\n');
    } finally {
      await end(talker, 'SIGKILL');
    }
  });

  it('have their host ports held to the policies as well', async () => {
    const ports = [{ containerPort: 80, hostPort: 38_480 }];
    await pods.make('hosted', { labels: { app: 'hosted' }, container: { ports } });
    const { address } = await apiOfPods();
    const through = `${address}:38480`;
    const fromNode = () =>
      new Promise<string>((resolve) => {
        const socket = connect(38_480, '127.0.0.1')
          .on('error', () => resolve(''))
          .on('close', () => resolve(''));
        socket.on('data', (chunk: Buffer) => resolve(String(chunk).trim()));
      });
    await pods.expectOf('client', { open: [through] });
    const from = [{ podSelector: { matchLabels: { app: 'client' } } }];
    await pods.policy('hosted', { podSelector: { matchLabels: { app: 'hosted' } }, ingress: [{ from }] });
    await pods.expectOf('other', { shut: [through, 'hosted:80'] });
    await pods.expectOf('client', { open: [through, 'hosted:80'] });
    expect(await fromNode()).toBe('hello');
  });

  it('hear in events of the policies that their node cannot keep', async () => {
    const bare = await cluster.startAgent('node-1', { kind: 'none', why: 'they are kept from it' });
    try {
      expect(cluster.said).toContain(
        'NetworkPolicies hold no connection back (pods share the network of this machine)',
      );
      const spec = { podSelector: { matchLabels: { app: 'bare' } } };
      await pods.policy('before', spec);
      const onBare = { labels: { app: 'bare' }, spec: { nodeName: 'node-1' }, script: 'exec sleep 47310' };
      await pods.make('bare', onBare);
      await expect.poll(() => cluster.phase('bare'), { timeout }).toBe('Running');
      await pods.policy('after', spec);
      const told = (name: string) =>
        `NetworkPolicyNotApplied: NetworkPolicy ${name} is not applied: this node holds no connection back (pods share the network of this machine)`;
      const heard = async () =>
        (await cluster.eventsOf('bare')).filter((each) => each.startsWith('NetworkPolicyNotApplied'));
      await expect.poll(heard, { timeout }).toEqual([told('before'), told('after')]);
      // Once of each, whatever changes.
      await pods.label('/api/v1/namespaces/default/pods/bare', { more: 'labels' });
      await pods.policy('third', spec);
      await expect.poll(heard, { timeout }).toEqual(['before', 'after', 'third'].map(told));
      await cluster.deletePod('bare');
      await expect.poll(() => cluster.pod('bare'), { timeout }).toBeUndefined();
    } finally {
      await end(bare, 'SIGTERM');
    }
  });

  /** Where pods of node-0 reach the API: at their gateway. */
  async function apiOfPods(): Promise<{ address: string; port: string }> {
    const script = 'ip route show default; echo $KUBERNETES_SERVICE_PORT';
    const name = `asker-${Math.random().toString(36).slice(2)}`;
    await pods.make(name, { script });
    await expect.poll(() => pods.log(name), { timeout }).toHaveLength(2);
    const [route, port] = (await pods.log(name)) as [string, string];
    return { address: route.split(' ')[2]!, port };
  }

  async function isReady(name: string): Promise<boolean> {
    const { conditions = [] } = (await pods.get(name)).status!;
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  }
});
