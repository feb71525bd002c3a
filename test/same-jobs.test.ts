/** The same Jobs on the embedded Kubernetes and on a real one: statuses, conditions, pods and events come out the same. */
import { BatchV1Api, CoreV1Api, KubeConfig, type V1Job, type V1JobSpec } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { realBuiltHere } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';
import { jobOf } from './clusters/test-job.ts';

const namespace = 'same-jobs';
const indexed = (count: number, rest: Partial<V1JobSpec> = {}): Partial<V1JobSpec> => ({
  completionMode: 'Indexed',
  completions: count,
  parallelism: count,
  ...rest,
});
const onExit = (action: string, value: number) => ({
  action,
  onExitCodes: { containerName: 'main', operator: 'In', values: [value] },
});
const forever = 'exec sleep 600';

interface Story {
  readonly name: string;
  /** What each pod runs; `$I` is its index. */
  readonly script: string;
  readonly spec: Partial<V1JobSpec>;
  /** What happens to the Job, one after the other: wait for a status, then change the specification. */
  readonly steps?: readonly Step[];
  /** The end that is compared. */
  readonly end: (job: V1Job) => boolean;
}

interface Step {
  readonly when: (job: V1Job) => boolean;
  readonly change: Partial<V1JobSpec>;
}

const has = (type: string) => (job: V1Job) =>
  job.status?.conditions?.some((each) => each.type === type && each.status === 'True') === true;
const ready = (count: number) => (job: V1Job) =>
  (job.status?.ready ?? 0) === count && (job.status?.active ?? 0) === count && (job.status?.terminating ?? 0) === 0;
const succeeded = (count: number) => (job: V1Job) => (job.status?.succeeded ?? 0) === count;

const stories: readonly Story[] = [
  { name: 'counted', script: 'true', spec: { completions: 3, parallelism: 3 }, end: has('Complete') },
  { name: 'indexed', script: 'true', spec: indexed(3), end: has('Complete') },
  { name: 'none-at-all', script: 'true', spec: indexed(0), end: has('Complete') },
  { name: 'no-second-try', script: 'exit 3', spec: { backoffLimit: 0 }, end: has('Failed') },
  {
    name: 'fails-at-one',
    script: `test $I = 0 && exit 3; ${forever}`,
    spec: indexed(2, { backoffLimit: 0 }),
    end: has('Failed'),
  },
  { name: 'per-index', script: 'test $I != 1', spec: indexed(3, { backoffLimitPerIndex: 0 }), end: has('Failed') },
  {
    name: 'too-many-indexes',
    script: `test $I = 2 && ${forever}; false`,
    spec: indexed(3, { backoffLimitPerIndex: 0, maxFailedIndexes: 1 }),
    end: has('Failed'),
  },
  {
    name: 'policy-fails-the-job',
    script: `test $I = 0 && exit 42; ${forever}`,
    spec: indexed(2, { podFailurePolicy: { rules: [onExit('FailJob', 42)] } }),
    end: has('Failed'),
  },
  {
    name: 'policy-fails-an-index',
    script: 'test $I != 0 || exit 42',
    spec: indexed(2, { backoffLimitPerIndex: 3, podFailurePolicy: { rules: [onExit('FailIndex', 42)] } }),
    end: has('Failed'),
  },
  {
    name: 'enough-by-index',
    script: `test $I = 0 || ${forever}`,
    spec: indexed(3, { successPolicy: { rules: [{ succeededIndexes: '0' }] } }),
    end: has('Complete'),
  },
  {
    name: 'enough-by-count',
    script: `test $I -lt 2 || ${forever}`,
    spec: indexed(3, { successPolicy: { rules: [{ succeededCount: 2 }] } }),
    end: has('Complete'),
  },
  { name: 'deadline', script: forever, spec: indexed(2, { activeDeadlineSeconds: 3 }), end: has('Failed') },
  {
    name: 'suspended-and-resumed',
    script: 'true',
    spec: indexed(2, { suspend: true }),
    steps: [{ when: has('Suspended'), change: { suspend: false } }],
    end: has('Complete'),
  },
  {
    name: 'suspended-at-work',
    script: forever,
    spec: indexed(2),
    steps: [{ when: ready(2), change: { suspend: true } }],
    end: (job) => has('Suspended')(job) && ready(0)(job),
  },
  {
    name: 'suspended-and-resumed-at-work',
    script: forever,
    spec: indexed(2),
    steps: [
      { when: ready(2), change: { suspend: true } },
      { when: (job) => has('Suspended')(job) && ready(0)(job), change: { suspend: false } },
    ],
    end: ready(2),
  },
  {
    name: 'smaller-and-larger',
    script: forever,
    spec: indexed(4),
    steps: [
      { when: ready(4), change: { completions: 1, parallelism: 1 } },
      { when: ready(1), change: { completions: 3, parallelism: 3 } },
    ],
    end: ready(3),
  },
  {
    name: 'fewer-at-once',
    script: forever,
    spec: { completions: 4, parallelism: 3 },
    steps: [{ when: ready(3), change: { parallelism: 1 } }],
    end: ready(1),
  },
  {
    name: 'replaced-when-it-has-failed',
    script: forever,
    spec: indexed(2, { podReplacementPolicy: 'Failed' }),
    steps: [
      { when: ready(2), change: { completions: 1, parallelism: 1 } },
      { when: ready(1), change: { completions: 2, parallelism: 2 } },
    ],
    end: ready(2),
  },
  {
    name: 'one-is-done-when-it-shrinks',
    script: `test $I = 2 || ${forever}`,
    spec: indexed(3),
    steps: [
      { when: (job) => succeeded(1)(job) && ready(2)(job), change: { completions: 2, parallelism: 2 } },
      { when: succeeded(0), change: { completions: 3, parallelism: 3 } },
    ],
    end: (job) => succeeded(1)(job) && ready(2)(job),
  },
  {
    name: 'of-another-manager',
    script: 'true',
    spec: { managedBy: 'example.com/nobody' },
    end: () => true,
  },
];

interface Apis {
  readonly jobs: BatchV1Api;
  readonly core: CoreV1Api;
}

/** For the last words of a Job. */
const patience = { timeout: 60_000, interval: 200 };

describe.skipIf(!runs(realBuiltHere))('the same Jobs on both', () => {
  let clusters: TestCluster[] = [];
  let apis: Apis[];
  beforeAll(async () => {
    clusters = await Promise.all([realBuiltHere, embedded].map((kind) => kind.start({ operator: false })));
    apis = clusters.map(({ kubeconfigPath }) => {
      const config = new KubeConfig();
      config.loadFromFile(kubeconfigPath);
      return { jobs: config.makeApiClient(BatchV1Api), core: config.makeApiClient(CoreV1Api) };
    });
    for (const { core } of apis) {
      await core.createNamespace({ body: { metadata: { name: namespace } } });
      await seen(async () => (await core.readNamespacedServiceAccount({ name: 'default', namespace })) !== undefined);
    }
  }, 1_200_000);
  afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())));

  test.concurrent.each(stories)('$name', async (story) => {
    await Promise.all(apis.map((api) => play(api, story)));
    // Events are written a while after what they tell of.
    await vi.waitFor(async () => {
      const [theirs, ours] = await Promise.all(apis.map((api) => tell(api, story.name)));
      expect(ours).toEqual(theirs);
    }, patience);
  });
});

async function play({ jobs }: Apis, story: Story): Promise<void> {
  const { name, script, spec, steps = [], end } = story;
  const read = () => jobs.readNamespacedJob({ name, namespace });
  await jobs.createNamespacedJob({ namespace, body: jobOf(name, script, spec) });
  for (const { when, change } of steps) {
    await seen(async () => when(await read()));
    await seen(async () => {
      const body = await read();
      Object.assign(body.spec!, change);
      return jobs.replaceNamespacedJob({ name, namespace, body }).catch((error) => {
        if (error.code !== 409) throw error;
      });
    });
  }
  await seen(async () => end(await read()));
}

/** What has come of a Job so far. */
async function tell({ jobs, core }: Apis, name: string): Promise<object> {
  const about = `involvedObject.kind=Job,involvedObject.name=${name}`;
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  // Pods that are being deleted go, and those that have ended are counted and let go.
  const pods = await seen(async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector });
    const isSettled = items.every(({ metadata, status }) => {
      const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
      return metadata?.deletionTimestamp === undefined && !(hasEnded && metadata?.finalizers?.length);
    });
    return isSettled && items;
  });
  const { status = {} } = await jobs.readNamespacedJob({ name, namespace });
  const { items: events } = await core.listNamespacedEvent({ namespace, fieldSelector: about });
  const { startTime, completionTime, conditions = [], ...counts } = status;
  return {
    started: startTime !== undefined,
    completed: completionTime !== undefined,
    counts,
    conditions: conditions.map(({ type, status: is, reason, message }) => ({
      type,
      is,
      reason,
      message: plain(message ?? ''),
    })),
    pods: pods
      .map(({ metadata, spec: podSpec, status: podStatus }) => ({
        name: plain(metadata!.name!),
        hostname: podSpec?.hostname,
        subdomain: podSpec?.subdomain,
        phase: podStatus?.phase,
        labels: Object.entries(metadata!.labels ?? {})
          .map((pair) => plain(pair.join('=')))
          .sort(),
        annotations: metadata!.annotations,
        finalizers: metadata!.finalizers,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    events: [...new Set(events.map((each) => plain(`${each.type} ${each.reason}: ${each.message}`)))].sort(),
  };
}

/** Without what no two clusters have in common. */
function plain(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replaceAll(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-RANDOM');
}
