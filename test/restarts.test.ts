/** What is lost comes back: pods that someone deletes, brokers that are killed. What is to go with its program goes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl } from './clusters/chart.ts';
import { embedded } from './clusters/embedded.ts';
import { real } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

/** Its process id within the pod. */
const findBroker = `for each in /proc/[0-9]*; do
  if tr '\\0' ' ' < $each/cmdline | grep -Eq '^([^ ]*flux-)?broker'; then basename $each; fi
done`;

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status: { readonly containerStatuses?: { readonly ready: boolean; readonly restartCount: number }[] };
}

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind))(`restarts on ${kind.name}`, () => {
    let running: TestCluster;
    const kube = (words: string, input = '') => kubectl(words.split(' '), running.kubeconfigPath, input);
    const make = (name: string, spec: object, container: object = {}) => {
      const containers = [{ image: 'rockylinux:9', ...container }];
      const object = { apiVersion: 'flux-framework.org/v1alpha2', kind: 'MiniCluster', metadata: { name } };
      return kube('apply -f -', JSON.stringify({ ...object, spec: { size: 2, ...spec, containers } }));
    };
    const pods = async (rank: number): Promise<Pod[]> => {
      const selector = `job-name=sample,batch.kubernetes.io/job-completion-index=${rank}`;
      return (JSON.parse(await kube(`get pods -l ${selector} -o json`)) as { items: Pod[] }).items;
    };
    /** The ready pod of a rank, when it is not this one. */
    const ready = (rank: number, uid = '') =>
      seen(async () =>
        (await pods(rank)).find(({ metadata, status }) => {
          const isNew = metadata.uid !== uid && !metadata.deletionTimestamp;
          return isNew && status.containerStatuses?.[0]?.ready;
        }),
      );
    const online = () => kube('get minicluster sample -o jsonpath={.status.ranks.online}');
    const settled = () => seen(async () => (await online()) === '0-1');
    const within = async (rank: number, script: string) => {
      const { metadata } = await ready(rank);
      const words = ['exec', metadata.name, '-c', 'sample', '--', 'sh', '-c', script];
      return `${metadata.uid} ${await kubectl(words, running.kubeconfigPath)}`.trim().split(' ');
    };
    /** Nodes that Flux has free by its own word; empty while it does not answer. */
    const free = async () => {
      const script = '. /mnt/flux/flux-view.sh; FLUX_URI=$fluxsocket flux resource list -s free -no {nnodes}';
      return (await within(0, script).catch(() => []))[1];
    };
    const allFree = () => seen(async () => (await free()) === '2');

    beforeAll(async () => {
      running = await kind.start();
      await make('sample', { maxSize: 6, interactive: true });
      await settled();
    }, 1_200_000);
    afterAll(() => running?.stop());

    test.each([1, 0])('the pod of rank %i is deleted: another one takes its place', async (rank) => {
      const { metadata } = await ready(rank);
      const other = await ready(1 - rank);
      await kube(`delete pod ${metadata.name} --wait=false`);
      await ready(rank, metadata.uid);
      await allFree();
      await settled();
      expect((await ready(1 - rank)).metadata.uid).toBe(other.metadata.uid);
    });

    test.each([1, 0])('the broker of rank %i is killed: it comes back', async (rank) => {
      const broker = await within(rank, findBroker);
      expect(broker[1]).toMatch(/^\d+$/);
      // With the lead broker its container ends, and this command with it.
      await within(rank, `kill -9 ${broker[1]}`).catch(() => {});
      await seen(async () => {
        const now = await within(rank, findBroker).catch(() => []);
        return now.length === 2 && now.join() !== broker.join();
      });
      await allFree();
      await settled();
      expect(await kube('get job sample -o jsonpath={.status.conditions}')).toBe('');
    });

    // A Job that counted all failures together would wait for more than five minutes.
    test('all its pods are deleted at once: all come back', async () => {
      await kube('scale minicluster sample --replicas=6');
      await seen(async () => (await online()) === '0-5');
      const before = await Promise.all([0, 1, 2, 3, 4, 5].map((rank) => ready(rank)));
      await kube('delete pods -l job-name=sample --wait=false');
      await Promise.all(before.map(({ metadata }, rank) => ready(rank, metadata.uid)));
      await seen(async () => (await online()) === '0-5' && (await free()) === '6');
    });

    test('suspended, no pod of it stays; resumed, it is what it was', async () => {
      const suspend = (isSuspended: boolean) =>
        kube(`patch minicluster sample --type merge -p {"spec":{"scaling":{"suspend":${isSuspended}}}}`);
      await suspend(true);
      await seen(async () => (await kube('get pods -l job-name=sample -o name')) === '');
      await suspend(false);
      await seen(async () => (await online()) === '0-5' && (await free()) === '6');
    });

    test('deleted, nothing of it stays', async () => {
      await kube('delete minicluster sample --timeout=60s');
      const kinds = 'jobs,pods,services,endpointslices,configmaps,secrets,networkpolicies';
      await seen(async () => !(await kube(`get ${kinds} -o name`)).includes('sample'));
    });

    test('with cleanup a MiniCluster goes with its program, and all it had', async () => {
      await make('tidy', { cleanup: true }, { command: 'true' });
      await seen(async () => !(await kube('get miniclusters -o name')).includes('tidy'));
      await seen(async () => !(await kube('get jobs,pods,services,configmaps,secrets -o name')).includes('tidy'));
      const ran = await kube('get events --field-selector reason=Started -o jsonpath={.items[*].involvedObject.name}');
      expect(ran).toMatch(/tidy-0-/);
    });
  });
}
