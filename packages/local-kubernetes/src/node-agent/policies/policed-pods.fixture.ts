// Pods that listen, and connections from one to another as its own programs would make them.

import { spawn } from 'node:child_process';
import { expect, vi } from 'vitest';
import { type AgentCluster, processesWith } from '../agent-process.fixture.ts';
import type { Pod } from '../pod-types.ts';

export const timeout = 30_000;
const waiting = { timeout, interval: 100 };

/** Answers on these ports of TCP with `hello`, and sends back what comes on port 53 of UDP. */
const server = `use IO::Socket::INET; use IO::Select; $| = 1; my $all = IO::Select->new;
$all->add(IO::Socket::INET->new(LocalPort => $_, Listen => 50, ReuseAddr => 1)) for 80, 81, 8080, 9090;
my $datagrams = IO::Socket::INET->new(LocalPort => 53, Proto => "udp"); $all->add($datagrams); print "ready\\n";
while (1) { for ($all->can_read) {
  if ($_ == $datagrams) { $_->recv(my $text, 99); $_->send($text) }
  else { my $c = $_->accept; print "taken from " . $c->peerhost . "\\n"; print $c "hello\\n"; close $c } } }`;

export interface PodWishes {
  namespace?: string;
  labels?: Record<string, string>;
  spec?: object;
  container?: object;
  /** Instead of the server; lines of bash. */
  script?: string;
}

export class PolicedPods {
  readonly #cluster: AgentCluster;

  constructor(cluster: AgentCluster) {
    this.#cluster = cluster;
  }

  /** Makes a pod; without a script it runs when this resolves. */
  async make(name: string, { namespace = 'default', labels = {}, spec = {}, container = {}, script }: PodWishes = {}) {
    const mark = this.#markOf(name, namespace);
    const main = {
      name: 'main',
      image: 'host',
      command: ['bash', '-c', script ?? `exec perl -e '# ${mark}\n${server}'`],
    };
    const object = {
      metadata: { name, labels },
      spec: {
        terminationGracePeriodSeconds: 0,
        restartPolicy: 'Never',
        nodeName: 'node-0',
        ...spec,
        containers: [{ ...main, ...container }],
      },
    };
    // Its service account is there a moment after its namespace.
    const path = `/api/v1/namespaces/${namespace}/pods`;
    await vi.waitFor(async () => expect((await this.#cluster.peer.json('POST', path, object)).code).toBe(201), waiting);
    if (script) return;
    await vi.waitFor(async () => expect(await this.log(name, namespace)).toContain('ready'), waiting);
  }

  async get(name: string, namespace = 'default'): Promise<Pod> {
    return (await this.#cluster.peer.json('GET', `/api/v1/namespaces/${namespace}/pods/${name}`))
      .body as unknown as Pod;
  }

  async log(name: string, namespace = 'default'): Promise<string[]> {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
    const { code, text } = await this.#cluster.peer.send({ method: 'GET', path });
    return code === 200 ? text.split('\n').filter(Boolean) : [];
  }

  async label(path: string, labels: Record<string, string | null>): Promise<void> {
    const { code, body } = await this.#cluster.peer.json('PATCH', path, { metadata: { labels } });
    if (code !== 200) throw new Error(JSON.stringify(body));
  }

  /** @param spec of a NetworkPolicy, which selects the pod `web` unless it says otherwise */
  async policy(name: string, spec: object, namespace = 'default'): Promise<void> {
    const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
    await this.#cluster.create(path, {
      metadata: { name },
      spec: { podSelector: { matchLabels: { app: 'web' } }, ...spec },
    });
  }

  async removePolicies(namespace = 'default'): Promise<void> {
    await this.#cluster.peer.json('DELETE', `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`);
  }

  /** A process in a pod's network. */
  processOf(name: string, namespace = 'default'): number {
    const [id] = processesWith(this.#markOf(name, namespace));
    if (!id) throw new Error(`pod ${name} has no process`);
    return id;
  }

  /** What comes back from `TO:PORT`, or `UDP TO:PORT`, to a program in the network of `from`; nothing where no answer comes. */
  async ask(from: string, to: string, namespace = 'default'): Promise<string> {
    const [address, port] = to.replace('UDP ', '').split(':') as [string, string];
    const [toName, toNamespace] = address.split('.') as [string, string | undefined];
    const ip = /^\d/.test(address) ? address : (await this.get(toName, toNamespace)).status!.podIP;
    const [kind, say] = to.startsWith('UDP') ? ['udp', 'echo echo >&3; '] : ['tcp', ''];
    const script = `exec 3<>/dev/${kind}/${ip}/${port} && ${say}head -n 1 <&3`;
    return this.within(from, ['timeout', '0.7', 'bash', '-c', script], namespace);
  }

  /** Runs a program in a pod's network. */
  within(pod: string, words: readonly string[], namespace = 'default'): Promise<string> {
    const id = String(this.processOf(pod, namespace));
    const child = spawn('nsenter', ['-t', id, '-n', ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk));
    return new Promise((resolve, reject) => child.once('error', reject).once('close', () => resolve(out.trim())));
  }

  /** Waits until these are answered, and these not. */
  async expectOf(from: string, { open = [], shut = [] }: { open?: string[]; shut?: string[] }, namespace = 'default') {
    const all = [...open, ...shut];
    await vi.waitFor(async () => {
      const answers = await Promise.all(all.map((to) => this.ask(from, to, namespace)));
      expect(all.filter((_, index) => answers[index] !== '')).toEqual(open);
    }, waiting);
  }

  #markOf(name: string, namespace: string): string {
    return `${this.#cluster.folder} ${namespace}/${name}.`;
  }
}
