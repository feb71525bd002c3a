/** Kubernetes' own HorizontalPodAutoscaler sizes a MiniCluster through its scale subresource. */
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { AutoscalingV2Api, BatchV1Api, CoreV1Api, type V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl } from './clusters/chart.ts';
import { realBuiltHere } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { metricService, milliCpuOfOne, type ServedMetric, serveMetric } from './clusters/served-metric.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

const namespace = 'autoscaled';
const name = 'elastic';
const metricName = 'nodes_wanted';
const maxSize = 4;

describe.skipIf(!runs(realBuiltHere))(`HorizontalPodAutoscaler on ${realBuiltHere.name}`, () => {
  let running: TestCluster;
  let cluster: Cluster;
  let metric: ServedMetric;
  let jobs: BatchV1Api;
  let autoscaling: AutoscalingV2Api;
  let core: CoreV1Api;
  beforeAll(async () => {
    running = await realBuiltHere.start({
      flags: {
        // As fast as it may: what is tested does not hang on how long it waits.
        'kube-controller-manager': [
          '--horizontal-pod-autoscaler-sync-period=1s',
          '--horizontal-pod-autoscaler-downscale-stabilization=1s',
          '--horizontal-pod-autoscaler-cpu-initialization-period=1s',
          '--horizontal-pod-autoscaler-initial-readiness-delay=1s',
        ],
        // Otherwise an API server asks endpoints, and an external name has none.
        'kube-apiserver': ['--enable-aggregator-routing=false'],
      },
    });
    cluster = new Cluster(configFrom(running.kubeconfigPath));
    jobs = cluster.config.makeApiClient(BatchV1Api);
    autoscaling = cluster.config.makeApiClient(AutoscalingV2Api);
    core = cluster.config.makeApiClient(CoreV1Api);
    const authority = running.authority!;
    const pair = await authority.issue({ commonName: metricService, names: [metricService] });
    metric = await serveMetric(cluster, { name: metricName, value: 3, ...pair, authority: authority.certificate });
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await seen(() => core.readNamespacedServiceAccount({ name: 'default', namespace }));
    await cluster.apply({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name, namespace },
      spec: { size: 1, maxSize, interactive: true, containers: [{ image: 'rockylinux:9' }] },
    });
    await ready(1);
    await autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body: autoscaler(name, maxSize) });
  }, 1_200_000);
  afterAll(async () => {
    await metric?.stop();
    await running?.stop();
  });

  const ready = (size: number, of = name) =>
    seen(async () => {
      const { spec, status } = await jobs.readNamespacedJob({ name: of, namespace });
      return spec?.completions === size && status?.ready === size;
    });
  const said = (of = name) => autoscaling.readNamespacedHorizontalPodAutoscaler({ name: of, namespace });
  const condition = async (type: string) => (await said()).status?.conditions?.find((each) => each.type === type);

  test('grows with the metric', async () => {
    await ready(3);
    await seen(async () => (await said()).status?.currentReplicas === 3);
    expect(await condition('AbleToScale')).toMatchObject({ status: 'True' });
    expect(await condition('ScalingActive')).toMatchObject({ status: 'True', reason: 'ValidMetricFound' });
  });

  test('grows no further than the maximum, whatever the metric asks for', async () => {
    metric.set(12);
    await ready(maxSize);
    await seen(async () => (await condition('ScalingLimited'))?.reason === 'TooManyReplicas');
    expect((await jobs.readNamespacedJob({ name, namespace })).spec?.completions).toBe(maxSize);
  });

  test('shrinks with the metric, from the highest rank', async () => {
    metric.set(1);
    await ready(1);
    const pods = await seen(async () => {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` });
      return items.length === 1 && items;
    });
    expect(pods[0]!.metadata?.labels?.['batch.kubernetes.io/job-completion-index']).toBe('0');
  });

  test('an autoscaler that asks for more than maxSize is denied, and goes on when it asks for less', async () => {
    metric.set(2);
    await ready(2);
    // Another one, not the same one changed: what has a status of it knows its maximum, and the one before is forgotten.
    await autoscaling.deleteNamespacedHorizontalPodAutoscaler({ name, namespace });
    await autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body: autoscaler('bold', 2 * maxSize) });
    await seen(async () => (await said('bold')).status?.currentReplicas === 2);
    metric.set(12);
    await seen(async () => {
      const { items } = await core.listNamespacedEvent({ namespace });
      return items.some(({ type, reason }) => type === 'Warning' && /Denied/.test(reason ?? ''));
    });
    expect((await jobs.readNamespacedJob({ name, namespace })).spec?.completions).toBe(2);
    metric.set(3);
    await ready(3);
  });

  test('kubectl autoscale, by the processor time that its pods use', async () => {
    const kube = (words: string) => kubectl(words.split(' '), running.kubeconfigPath);
    metric.set(1);
    await cluster.apply({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name: 'typed', namespace },
      spec: {
        size: 1,
        maxSize,
        interactive: true,
        containers: [{ image: 'rockylinux:9', resources: { requests: { cpu: `${2 * milliCpuOfOne}m` } } }],
      },
    });
    await ready(1, 'typed');
    const words = `autoscale minicluster typed -n ${namespace} --min=1 --max=${maxSize} --cpu=50%`;
    expect(await kube(words)).toBe('horizontalpodautoscaler.autoscaling/typed autoscaled\n');
    metric.set(3);
    await ready(3, 'typed');
    metric.set(12);
    await ready(maxSize, 'typed');
    metric.set(1);
    await ready(1, 'typed');
    await seen(async () => (await kube(`get hpa typed -n ${namespace} --no-headers`)).match(/cpu: 50%\/50% +1 +4 +1 /));
  });
});

/** One broker for each one of the metric, without waiting for the metric to stay where it is. */
function autoscaler(called: string, maxReplicas: number): V2HorizontalPodAutoscaler {
  const policies = [{ type: 'Percent', value: 1000, periodSeconds: 1 }];
  const target = { type: 'AverageValue', averageValue: '1' };
  return {
    metadata: { name: called },
    spec: {
      scaleTargetRef: { apiVersion: 'flux-framework.org/v1alpha2', kind: 'MiniCluster', name },
      minReplicas: 1,
      maxReplicas,
      metrics: [{ type: 'External', external: { metric: { name: metricName }, target } }],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, policies },
        scaleDown: { stabilizationWindowSeconds: 0, policies },
      },
    },
  };
}
