// Servers and agents killed while pods come, scale and go, from a seed: what was acknowledged is there, watches have no
// gap, and in the end nothing runs that should not. EBB_CHAOS_ROUNDS=1000 for a long run, EBB_CHAOS_SEED for one again.

import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AgentCluster, canRunPods, end, processesWith } from './agent-process.fixture.ts';
import type { Pod } from './pod-types.ts';

const rounds = Number(process.env['EBB_CHAOS_ROUNDS'] ?? 30);
const seed = Number(process.env['EBB_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const timeout = 60_000;
const jobsPath = '/apis/batch/v1/namespaces/default/jobs';
const podsPath = '/api/v1/namespaces/default/pods';
/** Of all processes of the run, and of no other. */
const mark = `${100_000 + (seed % 800_000)}.5`;

/** mulberry32: the same numbers for the same seed. */
function numbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe.skipIf(!canRunPods)(`chaos of ${rounds} rounds, seed ${seed}`, () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start({ monitorMs: 500, graceMs: 20_000, collectMs: 1000 });
  });
  afterAll(() => cluster?.stop());

  it('loses nothing that was acknowledged', { timeout: 60_000 + rounds * 10_000 }, async () => {
    const random = numbers(seed);
    const pick = (most: number) => Math.floor(random() * most);
    /** Parallelism of each job that was acknowledged. */
    const wanted = new Map<string, number>();
    const doubtful = new Set<string>();
    const told = new Watcher();
    await told.begin(cluster);
    for (let round = 0; round < rounds; round++) {
      const name = `j${round}`;
      const count = 1 + pick(3);
      const calls = [create(name, count), ...[...wanted].flatMap(([other]) => change(other))];
      const victim = pick(3);
      const killed = random() * 60;
      const kill = new Promise((resolve) => setTimeout(resolve, killed)).then(async () => {
        if (victim === 0) await end(cluster.server, 'SIGKILL');
        if (victim === 1) await end(cluster.agent, 'SIGKILL');
      });
      await Promise.all([...calls, kill]);
      if (victim === 0) {
        await cluster.startServer();
        await settleDoubt();
      }
      if (victim === 1) await cluster.startAgent();
      await told.catchUp(cluster);
      if (round % 10 === 9) await settled();
    }
    for (const name of [...wanted.keys()]) await remove(name);
    await settled();
    await expect.poll(() => processesWith(mark), { timeout }).toEqual([]);
    await expect.poll(() => readdirSync(cluster.podsFolder), { timeout }).toEqual([]);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(cluster.podsFolder);
    await told.catchUp(cluster);
    expect(told.alive).toEqual([]);

    /** Undefined when no answer came: then it may have happened, or not. */
    async function ask(method: string, path: string, body?: object): Promise<number | undefined> {
      return cluster.peer.json(method, path, body).then(
        ({ code }) => code,
        () => undefined,
      );
    }
    async function create(name: string, parallelism: number): Promise<void> {
      const code = await ask('POST', jobsPath, jobOf(name, parallelism));
      if (code === 201) wanted.set(name, parallelism);
      else if (code === undefined) doubtful.add(name);
      else throw new Error(`creating ${name}: ${code}`);
    }
    function change(name: string): Promise<void>[] {
      const dice = random();
      if (dice < 0.3) return [remove(name)];
      if (dice < 0.6) return [scale(name, 1 + pick(4))];
      return [];
    }
    async function scale(name: string, parallelism: number): Promise<void> {
      const code = await ask('PATCH', `${jobsPath}/${name}`, { spec: { parallelism } });
      if (code === 200) wanted.set(name, parallelism);
      else if (code === undefined) doubtful.add(name);
      else throw new Error(`scaling ${name}: ${code}`);
    }
    async function remove(name: string): Promise<void> {
      const code = await ask('DELETE', `${jobsPath}/${name}?propagationPolicy=Background`);
      if (code === 200) wanted.delete(name);
      else if (code === undefined) doubtful.add(name);
      else throw new Error(`deleting ${name}: ${code}`);
    }
    /** What was asked and not answered is now as the server says. */
    async function settleDoubt(): Promise<void> {
      for (const name of doubtful) {
        const { code, body } = await cluster.peer.json('GET', `${jobsPath}/${name}`);
        if (code === 200) wanted.set(name, (body['spec'] as { parallelism: number }).parallelism);
        else wanted.delete(name);
      }
      doubtful.clear();
    }
    /** As many pods run as were asked for, each as one process, and no others. */
    async function settled(): Promise<void> {
      await settleDoubt();
      const { body } = await cluster.peer.json('GET', jobsPath);
      const jobs = (body['items'] as { metadata: { name: string }; spec: { parallelism: number } }[]).map(
        ({ metadata, spec }) => [metadata.name, spec.parallelism] as const,
      );
      expect(new Map(jobs)).toEqual(wanted);
      const sum = [...wanted.values()].reduce((total, each) => total + each, 0);
      const running = async () => {
        const pods = (await cluster.peer.json('GET', podsPath)).body['items'] as Pod[];
        return pods.filter(({ status, metadata }) => status?.phase === 'Running' && !metadata.deletionTimestamp).length;
      };
      await expect.poll(running, { timeout }).toBe(sum);
      await expect.poll(() => processesWith(`sleep ${mark}`).length, { timeout }).toBe(sum);
    }
  });
});

/** Follows the pods over every end of the server, from the revision it had. */
class Watcher {
  readonly #alive = new Map<string, string>();
  #revision = 0;

  get alive(): string[] {
    return [...this.#alive.values()];
  }

  async begin(cluster: AgentCluster): Promise<void> {
    const { body } = await cluster.peer.json('GET', podsPath);
    this.#revision = Number((body['metadata'] as { resourceVersion: string }).resourceVersion);
  }

  /** Hears what happened up to now: every object is added before it is changed, once, and gone once. */
  async catchUp(cluster: AgentCluster): Promise<void> {
    const { body } = await cluster.peer.json('GET', podsPath);
    const target = Number((body['metadata'] as { resourceVersion: string }).resourceVersion);
    for (const { type, object } of await eventsSince(cluster.kubeconfigPath, this.#revision, target)) {
      const { uid, name, resourceVersion } = object.metadata;
      expect(type, JSON.stringify(object)).not.toBe('ERROR');
      expect(Number(resourceVersion)).toBeGreaterThan(this.#revision);
      this.#revision = Number(resourceVersion);
      if (type === 'BOOKMARK') continue;
      expect(this.#alive.has(uid!), `${type} of ${name}`).toBe(type !== 'ADDED');
      if (type === 'DELETED') this.#alive.delete(uid!);
      else this.#alive.set(uid!, name!);
    }
    const names = (body['items'] as Pod[]).map(({ metadata }) => metadata.name!);
    // Others went and came since the list was made: what was there then was told.
    if (this.#revision <= target) expect(this.alive.sort()).toEqual(names.sort());
  }
}

interface WatchEvent {
  readonly type: string;
  readonly object: Pod;
}

/** The events of a watch up to a revision; a bookmark says that there are no more. */
function eventsSince(kubeconfigPath: string, revision: number, target: number): Promise<WatchEvent[]> {
  const config = parse(readFileSync(kubeconfigPath, 'utf8'));
  const decode = (text: string) => Buffer.from(text, 'base64');
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const { hostname, port } = new URL(cluster.server);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path: `${podsPath}?watch=1&resourceVersion=${revision}&timeoutSeconds=1`,
        ca: decode(cluster['certificate-authority-data']),
        cert: decode(user['client-certificate-data']),
        key: decode(user['client-key-data']),
        agent: false,
      },
      (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => {
          text += chunk;
          if (!text.endsWith('\n')) return;
          const last = text.trimEnd().split('\n').at(-1)!;
          // All up to the list is told: no need to wait for the end.
          if (Number((JSON.parse(last) as WatchEvent).object.metadata.resourceVersion) >= target) finish();
        });
        answer.on('error', reject);
        const finish = (): void => {
          resolve(
            text
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line) as WatchEvent),
          );
          answer.removeAllListeners('error').on('error', () => {});
          sent.destroy();
        };
        answer.on('end', finish);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

function jobOf(name: string, parallelism: number): object {
  const containers = [{ name: 'main', image: 'host', command: ['sleep', mark] }];
  return {
    metadata: { name },
    spec: {
      parallelism,
      backoffLimit: 1000,
      template: { spec: { restartPolicy: 'OnFailure', terminationGracePeriodSeconds: 0, containers } },
    },
  };
}
