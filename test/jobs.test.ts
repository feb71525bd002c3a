/** Jobs to their end, by whatever road: the same Jobs and the same ends on every kind of cluster there is here. */
import { BatchV1Api, CoreV1Api, KubeConfig, type V1JobSpec } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { real } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';
import { jobOf } from './clusters/test-job.ts';

const indexed = { completionMode: 'Indexed' };

interface Case {
  readonly name: string;
  /** What each pod runs; `$I` is its index. */
  readonly script: string;
  readonly spec: Partial<V1JobSpec>;
  /** Part of the status at the end. */
  readonly status: object;
  readonly reason: string;
}

const cases: Case[] = [
  {
    name: 'indexed',
    script: 'true',
    spec: { ...indexed, completions: 3, parallelism: 2 },
    status: { succeeded: 3, completedIndexes: '0-2' },
    reason: 'CompletionsReached',
  },
  {
    name: 'counted',
    script: 'true',
    spec: { completions: 2, parallelism: 2 },
    status: { succeeded: 2 },
    reason: 'CompletionsReached',
  },
  {
    name: 'one-index-fails',
    script: 'test $I != 1',
    spec: { ...indexed, completions: 3, parallelism: 3, backoffLimitPerIndex: 0 },
    status: { failedIndexes: '1', completedIndexes: '0,2', failed: 1, succeeded: 2 },
    reason: 'FailedIndexes',
  },
  {
    name: 'too-many-indexes-fail',
    script: 'test $I = 2 && exec sleep 600; false',
    spec: { ...indexed, completions: 3, parallelism: 3, backoffLimitPerIndex: 0, maxFailedIndexes: 1 },
    status: { failedIndexes: '0,1', failed: 3 },
    reason: 'MaxFailedIndexesExceeded',
  },
  {
    name: 'enough-succeed',
    script: 'test $I = 0 || exec sleep 600',
    spec: { ...indexed, completions: 3, parallelism: 3, successPolicy: { rules: [{ succeededIndexes: '0' }] } },
    status: { completedIndexes: '0', succeeded: 1 },
    reason: 'SuccessPolicy',
  },
  {
    name: 'policy-fails',
    script: 'exit 42',
    spec: {
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } }],
      },
    },
    status: { failed: 1 },
    reason: 'PodFailurePolicy',
  },
  {
    name: 'no-second-try',
    script: 'false',
    spec: { backoffLimit: 0 },
    status: { failed: 1 },
    reason: 'BackoffLimitExceeded',
  },
  {
    name: 'deadline',
    script: 'exec sleep 600',
    spec: { activeDeadlineSeconds: 2 },
    status: { failed: 1 },
    reason: 'DeadlineExceeded',
  },
];

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind))(`on ${kind.name}`, () => {
    let cluster: TestCluster;
    let jobs: BatchV1Api;
    let core: CoreV1Api;
    let namespace: string;
    beforeAll(async () => {
      cluster = await kind.start();
      const config = new KubeConfig();
      config.loadFromFile(cluster.kubeconfigPath);
      jobs = config.makeApiClient(BatchV1Api);
      core = config.makeApiClient(CoreV1Api);
      namespace = cluster.namespace;
      await seen(async () => (await core.readNamespacedServiceAccount({ name: 'default', namespace })) !== undefined);
    }, 1_200_000);
    afterAll(async () => {
      await cluster?.stop();
    });

    const status = async (name: string) => (await jobs.readNamespacedJobStatus({ name, namespace })).status ?? {};
    const runningIndexes = async (name: string): Promise<string> => {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` });
      const running = items.filter(
        ({ status: is, metadata }) => is?.phase === 'Running' && !metadata?.deletionTimestamp,
      );
      return running
        .map(({ metadata }) => metadata!.labels!['batch.kubernetes.io/job-completion-index'])
        .sort()
        .join();
    };

    test.concurrent.each(cases)('$name', async ({ name, script, spec, status: expected, reason }) => {
      await jobs.createNamespacedJob({ namespace, body: jobOf(name, script, spec) });
      const end = await seen(async () => {
        const now = await status(name);
        return now.conditions?.find(({ type, status: is }) => /^(Complete|Failed)$/.test(type) && is === 'True') && now;
      });
      expect({ failed: 0, ...end }).toMatchObject({ failed: 0, ...expected });
      expect(end.active ?? 0).toBe(0);
      expect(end.conditions!.map((each) => each.reason)).toEqual([reason, reason]);
    });

    test.concurrent('suspended and resumed', async () => {
      const name = 'suspended';
      const spec = { ...indexed, completions: 2, parallelism: 2, suspend: true };
      await jobs.createNamespacedJob({ namespace, body: jobOf(name, 'true', spec) });
      await seen(async () => (await status(name)).conditions?.some((each) => each.reason === 'JobSuspended'));
      await change(name, { suspend: false });
      const end = await seen(async () => {
        const now = await status(name);
        return now.conditions?.some(({ type }) => type === 'Complete') && now;
      });
      const [suspended] = end.conditions!;
      expect(suspended).toMatchObject({ type: 'Suspended', status: 'False', reason: 'JobResumed' });
    });

    test.concurrent('shrinks from the highest index and grows again', async () => {
      const name = 'elastic';
      const size = (count: number) => ({ completions: count, parallelism: count });
      await jobs.createNamespacedJob({ namespace, body: jobOf(name, 'exec sleep 600', { ...indexed, ...size(3) }) });
      await seen(async () => (await runningIndexes(name)) === '0,1,2');
      await change(name, size(1));
      await seen(async () => (await runningIndexes(name)) === '0');
      await change(name, size(3));
      await seen(async () => (await runningIndexes(name)) === '0,1,2');
      expect((await status(name)).failed ?? 0).toBe(0);
    });

    test.concurrent('goes away when its time after the end is over', async () => {
      const name = 'short-lived';
      await jobs.createNamespacedJob({ namespace, body: jobOf(name, 'true', { ttlSecondsAfterFinished: 0 }) });
      await seen(async () => {
        const { items } = await jobs.listNamespacedJob({ namespace, fieldSelector: `metadata.name=${name}` });
        return items.length === 0;
      });
    });

    test('every event says what it is about', async () => {
      const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: 'involvedObject.kind!=Node' });
      const kinds = new Set(items.map(({ involvedObject }) => `${involvedObject.apiVersion} ${involvedObject.kind}`));
      expect([...kinds].sort()).toEqual(['batch/v1 Job', 'v1 Pod']);
    });

    async function change(name: string, spec: Partial<V1JobSpec>): Promise<void> {
      await seen(async () => {
        const body = await jobs.readNamespacedJob({ name, namespace });
        Object.assign(body.spec!, spec);
        return jobs.replaceNamespacedJob({ name, namespace, body }).catch((error) => {
          if (error.code !== 409) throw error;
        });
      });
    }
  });
}
