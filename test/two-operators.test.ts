/** Two operators for the same MiniClusters: one leads, and when it is gone the other does; two never write at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { BatchV1Api, CoreV1Api, type V1Job } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { realBuiltHere } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';
import { OperatorProcess } from './operators/operator-process.ts';
import { isWrite, type Recorded, type RecordingProxy, startRecordingProxy } from './operators/recording-proxy.ts';

const program = join(import.meta.dirname, '../packages/operator/dist/operator.js');
const name = 'elastic';
/** A lease holds for 15 seconds; what goes beyond that is ours, on a busy machine. */
const takenOverWithinMs = 30_000;

interface Candidate {
  readonly client: string;
  readonly process: OperatorProcess;
  readonly proxy: RecordingProxy;
}

for (const kind of [embedded, realBuiltHere]) {
  describe.skipIf(!runs(kind))(`two operators on ${kind.name}`, () => {
    let folder: string;
    const candidates: Candidate[] = [];
    let running: TestCluster;
    let cluster: Cluster;
    let jobs: BatchV1Api;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'ebb-two-operators-'));
      running = await kind.start({ operator: false });
      cluster = new Cluster(configFrom(running.kubeconfigPath));
      jobs = cluster.config.makeApiClient(BatchV1Api);
    }, 1_200_000);
    afterAll(async () => {
      await Promise.all(candidates.map((each) => each.process.stop()));
      await Promise.all(candidates.map((each) => each.proxy.stop()));
      await running?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Two operators for a namespace, and a MiniCluster in it that runs with one broker of three. */
    async function begin(namespace: string) {
      const records: Recorded[] = [];
      const core = cluster.config.makeApiClient(CoreV1Api);
      await core.createNamespace({ body: { metadata: { name: namespace } } });
      await seen(() => core.readNamespacedServiceAccount({ name: 'default', namespace }));
      const start = async (letter: string): Promise<Candidate> => {
        const client = `${namespace}-${letter}`;
        const proxy = await startRecordingProxy(client, running.kubeconfigPath, folder, records);
        const options = `--namespaces ${namespace} --metrics-bind-address 0 --health-probe-bind-address 0`;
        const command = `env POD_NAMESPACE=${namespace} ${process.execPath} ${program} ${options}`;
        const operator = new OperatorProcess(command, proxy.kubeconfigPath, join(folder, `${client}.log`));
        const candidate = { client, process: operator, proxy };
        candidates.push(candidate);
        return candidate;
      };
      const pair = await Promise.all([start('a'), start('b')]);
      const leader = await seen(async () => pair.find(({ client }) => holds(records, client)));
      const other = pair.find((each) => each !== leader)!;
      await cluster.apply({
        apiVersion: 'flux-framework.org/v1alpha2',
        kind: 'MiniCluster',
        metadata: { name, namespace },
        spec: { size: 1, maxSize: 3, interactive: true, containers: [{ image: 'rockylinux:9' }] },
      });
      await ready(namespace, 1);
      return { records, leader, other };
    }

    const job = (namespace: string): Promise<V1Job> => jobs.readNamespacedJob({ name, namespace });
    const ready = (namespace: string, size: number) =>
      seen(
        async () => (await job(namespace)).spec?.completions === size && (await job(namespace)).status?.ready === size,
      );
    const resize = (namespace: string, size: number) => cluster.scale({ namespace, name }, size);
    /** Until an operator that was not to be reached has looked twice at who leads: by then it would have written. */
    const hasLookedTwice = (records: readonly Recorded[], { client }: Candidate) => {
      const from = records.length;
      return seen(async () => {
        const looks = records.slice(from).filter((each) => each.client === client && /leases/.test(each.path));
        return looks.length >= 2;
      });
    };

    test.concurrent('the leader is killed: the other one goes on', async () => {
      const namespace = 'killed';
      const { records, leader, other } = await begin(namespace);
      const since = performance.now();
      leader.process.signal('SIGKILL');
      await resize(namespace, 3);
      await seen(async () => holds(records, other.client));
      expect(performance.now() - since).toBeLessThan(takenOverWithinMs);
      await ready(namespace, 3);
      await resize(namespace, 2);
      await ready(namespace, 2);
      expect(writtenLate(records, leader, other)).toEqual([]);
    });

    test.concurrent('the leader is asked to end: the other one leads at once', async () => {
      const namespace = 'asked';
      const { records, leader, other } = await begin(namespace);
      await leader.process.stop();
      await seen(async () => holds(records, other.client));
      const given = records.findIndex(
        ({ client, body }) => client === leader.client && /"holderIdentity":""/.test(body),
      );
      expect(given).toBeGreaterThan(-1);
      await resize(namespace, 2);
      await ready(namespace, 2);
    });

    test.concurrent('the leader is stopped in the middle of a pass and comes back: it writes nothing more', async () => {
      const namespace = 'stopped';
      const { records, leader, other } = await begin(namespace);
      const held = leader.proxy.hold(/\/jobs\//);
      await resize(namespace, 2);
      const answer = await held;
      leader.process.signal('SIGSTOP');
      answer.release();
      await seen(async () => holds(records, other.client));
      await resize(namespace, 3);
      await ready(namespace, 3);
      const looked = hasLookedTwice(records, leader);
      leader.process.signal('SIGCONT');
      await looked;
      expect(writtenLate(records, leader, other)).toEqual([]);
      // It is a candidate again.
      await other.process.stop();
      await resize(namespace, 1);
      await ready(namespace, 1);
      expect(holds(records, leader.client)).toBe(true);
    });

    test.concurrent('the leader is cut off in the middle of a pass and comes back: it writes nothing more', async () => {
      const namespace = 'cut';
      const { records, leader, other } = await begin(namespace);
      const held = leader.proxy.hold(/\/jobs\//);
      await resize(namespace, 2);
      const answer = await held;
      leader.proxy.cut();
      answer.release();
      await seen(async () => holds(records, other.client));
      await resize(namespace, 3);
      await ready(namespace, 3);
      const looked = hasLookedTwice(records, leader);
      leader.proxy.mend();
      await looked;
      expect(writtenLate(records, leader, other)).toEqual([]);
    });
  });
}

/**
 * What an operator changed after the other one had taken its lease.
 * @throws Error when the other one has not taken it
 */
function writtenLate(records: readonly Recorded[], { client }: Candidate, other: Candidate): readonly Recorded[] {
  const writes = records.filter(isWrite);
  const taken = writes.findIndex((each) => /\/leases/.test(each.path) && each.client === other.client);
  if (taken < 0) throw new Error(`${other.client} never took the lease`);
  return writes.slice(taken).filter((each) => each.client === client);
}

/** Whether the last accepted change of the lease was this operator's, taking it. */
function holds(records: readonly Recorded[], client: string): boolean {
  const last = records.findLast((each) => /\/leases/.test(each.path) && isWrite(each));
  return last?.client === client && !/"holderIdentity":""/.test(last.body);
}
