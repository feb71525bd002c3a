// A cluster of this machine for tests of the node agent: the server in one process, the agent in another, either of
// which can be killed.

import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { HttpPeer } from '../facade/http-peer.fixture.ts';
import { agentKey } from './host/agent-key.ts';
import { type AgentRights, findRights, withRights } from './host/agent-rights.ts';
import { linkOf } from './network/pod-network.ts';
import type { Pod } from './pod-types.ts';
import type { ImageMapping } from './roots/image-table.ts';

/** Whether pods can run here at all: it takes root on Linux. */
export const canRunPods = process.platform === 'linux' && process.getuid?.() === 0;

const podsPath = '/api/v1/namespaces/default/pods';
const tsx = createRequire(import.meta.url).resolve('tsx');

export class AgentCluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'node-agent-'));
  peer!: HttpPeer;
  /** What the agents said. */
  said = '';
  server: ChildProcess | undefined;
  agent: ChildProcess | undefined;
  #timings: object = {};
  #images: readonly ImageMapping[] = [];

  /**
   * @param timings of the controllers, in milliseconds
   * @param images that are not this machine's file system
   */
  static async start(timings: object = {}, images: readonly ImageMapping[] = []): Promise<AgentCluster> {
    const cluster = new AgentCluster();
    cluster.#timings = timings;
    cluster.#images = images;
    try {
      await cluster.startServer();
      await cluster.startAgent();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async startServer(): Promise<void> {
    const fixture = join(import.meta.dirname, '..', 'facade', 'server-process.fixture.ts');
    const child = fork(fixture, [this.folder, JSON.stringify(this.#timings)], {
      execArgv: ['--import', tsx],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.server = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    this.peer?.close();
    this.peer = new HttpPeer(this.kubeconfigPath);
  }

  /** @param given rights; default: those that there are */
  async startAgent(nodeName = 'node-0', given?: AgentRights): Promise<ChildProcess> {
    const stateFolder = join(this.folder, nodeName === 'node-0' ? 'node' : nodeName);
    mkdirSync(stateFolder, { recursive: true });
    const pem = (name: string) => readFileSync(join(this.folder, 'pki', name), 'utf8');
    const rights = given ?? (await findRights(stateFolder));
    const configuration = {
      rights,
      kubeconfigPath: this.kubeconfigPath,
      stateFolder,
      nodes: [{ name: nodeName }],
      heartbeatMs: 500,
      images: [...this.#images, { image: '*', root: 'host' }],
      authority: { certificate: pem('ca.crt'), key: pem('ca.key') },
    };
    const path = join(stateFolder, 'configuration.json');
    writeFileSync(path, JSON.stringify(configuration), { mode: 0o600 });
    const program = join(import.meta.dirname, '..', 'bin', 'node-agent.ts');
    const words = withRights(rights, [process.execPath, '--import', tsx, program, path]);
    const child = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    if (nodeName === 'node-0') this.agent = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.said += chunk;
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`the agent ended with ${code}: ${this.said}`)));
    });
    return child;
  }

  get kubeconfigPath(): string {
    return join(this.folder, 'kubeconfig');
  }

  get podsFolder(): string {
    return join(this.folder, 'node', 'pods');
  }

  /** The agent's link on this machine. */
  get link(): string {
    return linkOf(join(this.folder, 'node'));
  }

  /** What the agent has on this machine beside processes and namespaces: control groups and rules. */
  belongings(): string[] {
    const key = agentKey(join(this.folder, 'node'));
    const mounts = [...readFileSync('/proc/self/mounts', 'utf8').matchAll(/^\S+ (\S+) cgroup2? /gm)];
    const groups = mounts
      .map(([, place]) => join(place!, `local-kubernetes-${key}`))
      .filter((group) => existsSync(group));
    const rules = [
      ['nft', 'list', 'tables'],
      ['iptables', '-t', 'nat', '-S'],
      ['iptables', '-S'],
    ].flatMap(([program, ...words]) => (spawnSync(program!, words, { encoding: 'utf8' }).stdout ?? '').split('\n'));
    return [...groups, ...rules.filter((rule) => rule.includes(this.link))];
  }

  async create(path: string, object: object): Promise<void> {
    const { code, body } = await this.peer.json('POST', path, object);
    if (code !== 201) throw new Error(JSON.stringify(body));
  }

  /** @param spec of its only container `main`, which runs `script` in bash */
  async createPod(
    name: string,
    script: string,
    { pod = {}, container = {} }: { pod?: object; container?: object } = {},
  ) {
    // Its service account is there a moment after the server.
    for (let tries = 0; ; tries++) {
      const made = await this.peer.json('POST', podsPath, podOf(name, script, pod, container));
      if (made.code === 201) return;
      if (tries > 100) throw new Error(JSON.stringify(made.body));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async pod(name: string): Promise<Pod | undefined> {
    const { code, body } = await this.peer.json('GET', `${podsPath}/${name}`);
    return code === 200 ? (body as unknown as Pod) : undefined;
  }

  async phase(name: string): Promise<string | undefined> {
    return (await this.pod(name))?.status?.phase;
  }

  /** What was told of a pod, as `REASON: MESSAGE`. */
  async eventsOf(name: string): Promise<string[]> {
    const { body } = await this.peer.json('GET', '/api/v1/namespaces/default/events');
    return (body['items'] as { involvedObject: { name: string }; reason: string; message: string }[])
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason, message }) => `${reason}: ${message}`);
  }

  async deletePod(name: string): Promise<void> {
    await this.peer.json('DELETE', `${podsPath}/${name}`);
  }

  async log(name: string, query = ''): Promise<string[]> {
    const { code, text } = await this.peer.send({ method: 'GET', path: `${podsPath}/${name}/log${query}` });
    if (code !== 200) throw new Error(text);
    return text.split('\n').filter(Boolean);
  }

  /** Waits until the pod has ended, well or not; its log then. @param timeout in milliseconds */
  async logOfEnd(name: string, timeout: number): Promise<string[]> {
    await expect.poll(() => this.phase(name), { timeout }).toMatch(/^(Succeeded|Failed)$/);
    return this.log(name);
  }

  async stop(): Promise<void> {
    await end(this.agent, 'SIGTERM');
    await end(this.server, 'SIGTERM');
    this.peer?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ends a process and waits for its end. */
export async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

/** The processes of this machine whose words hold `text`. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((id) => id > 0 && id !== process.pid)
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text);
      } catch {
        return false;
      }
    });
}

function podOf(name: string, script: string, pod: object, container: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      terminationGracePeriodSeconds: 0,
      restartPolicy: 'Never',
      ...pod,
      containers: [{ name: 'main', image: 'host', command: ['bash', '-c', script], ...container }],
    },
  };
}
