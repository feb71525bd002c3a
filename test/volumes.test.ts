/** Claims and volumes: bound, used, held while in use, and given back, on clusters whose nodes are this machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { realBuiltHere } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

const namespace = 'default';

for (const kind of [embedded, realBuiltHere]) {
  describe.skipIf(!runs(kind))(`on ${kind.name}`, () => {
    let cluster: TestCluster;
    let core: CoreV1Api;
    const folder = mkdtempSync(join(tmpdir(), 'ebb-volume-'));
    beforeAll(async () => {
      cluster = await kind.start();
      const config = new KubeConfig();
      config.loadFromFile(cluster.kubeconfigPath);
      core = config.makeApiClient(CoreV1Api);
      await seen(() => core.readNamespacedServiceAccount({ name: 'default', namespace }));
    }, 1_200_000);
    afterAll(async () => {
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const claimPhase = async (name: string) =>
      (await core.readNamespacedPersistentVolumeClaim({ name, namespace })).status?.phase;
    const volumePhase = async (name: string) => (await core.readPersistentVolume({ name })).status?.phase;

    async function makeClaim(name: string, storageClassName: string | undefined): Promise<void> {
      const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } };
      await core.createNamespacedPersistentVolumeClaim({ namespace, body: { metadata: { name }, spec } });
    }

    test('a claim gets the smallest volume that does, and holds it while a pod uses it', async () => {
      for (const [name, storage] of [
        ['small', '100Mi'],
        ['large', '10Gi'],
        ['medium', '2Gi'],
      ] as const) {
        const spec = { capacity: { storage }, accessModes: ['ReadWriteOnce'], storageClassName: 'made-by-hand' };
        await core.createPersistentVolume({
          body: { metadata: { name }, spec: { ...spec, hostPath: { path: join(folder, name) } } },
        });
      }
      await seen(async () => (await volumePhase('medium')) === 'Available');
      await makeClaim('by-hand', 'made-by-hand');
      await seen(async () => (await claimPhase('by-hand')) === 'Bound');
      const claim = await core.readNamespacedPersistentVolumeClaim({ name: 'by-hand', namespace });
      expect(claim).toMatchObject({ spec: { volumeName: 'medium' }, status: { capacity: { storage: '2Gi' } } });
      expect([await volumePhase('small'), await volumePhase('large')]).toEqual(['Available', 'Available']);

      await core.createNamespacedPod({
        namespace,
        body: pod('writer', 'by-hand', 'echo kept > /data/file; sleep 600'),
      });
      await seen(async () => readFileSync(join(folder, 'medium', 'file'), 'utf8') === 'kept\n');
      await core.deleteNamespacedPersistentVolumeClaim({ name: 'by-hand', namespace });
      const held = await core.readNamespacedPersistentVolumeClaim({ name: 'by-hand', namespace });
      expect(held.metadata?.deletionTimestamp).toBeDefined();
      expect(held.metadata?.finalizers).toEqual(['kubernetes.io/pvc-protection']);
      await core.deleteNamespacedPod({ name: 'writer', namespace });
      await seen(async () => (await volumePhase('medium')) === 'Released');
      const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace });
      expect(items.map(({ metadata }) => metadata?.name)).not.toContain('by-hand');
      expect(readFileSync(join(folder, 'medium', 'file'), 'utf8')).toBe('kept\n');
    });

    test('a pod waits for its claim, and says so', async () => {
      await makeClaim('later', 'nobody-makes-it');
      await core.createNamespacedPod({ namespace, body: pod('unbound', 'later', 'true') });
      await core.createNamespacedPod({ namespace, body: pod('missing', 'never-made', 'true') });
      const why = async (name: string) => {
        const { status } = await core.readNamespacedPod({ name, namespace });
        return status?.conditions?.find(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable');
      };
      expect((await seen(() => why('unbound'))).message).toBe(
        '0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
      );
      expect((await seen(() => why('missing'))).message).toBe(
        '0/4 nodes are available: persistentvolumeclaim "never-made" not found. not found',
      );
    });
  });
}

function pod(name: string, claimName: string, script: string): V1Pod {
  const container = {
    name: 'main',
    image: 'busybox',
    command: ['sh', '-c', script],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName } }];
  return {
    metadata: { name },
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, volumes, containers: [container] },
  };
}
