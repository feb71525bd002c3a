/**
 * Metrics APIs, served on this machine and known to a cluster's API server by APIServices, for a HorizontalPodAutoscaler to
 * ask: one number (external.metrics.k8s.io/v1beta1), and pods that share as much work as that number of them can do
 * (metrics.k8s.io/v1beta1).
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Cluster, KubernetesObject } from '@ebb/ebb/internal';

const version = 'v1beta1';
const external = 'external.metrics.k8s.io';
const resources = 'metrics.k8s.io';
/** Processor time that one unit of the metric means, in thousandths. */
export const milliCpuOfOne = 50;
const namespace = 'default';
const serviceName = 'served-metric';

export interface ServedMetric {
  /** What the metric says from now on. */
  set(value: number): void;
  stop(): Promise<void>;
}

export interface MetricOptions {
  readonly name: string;
  readonly value: number;
  /** PEM, for the names of the Service: `NAME.default.svc`. */
  readonly certificate: string;
  readonly key: string;
  /** PEM of the cluster's authority: of the certificate above, and of the API server's when it hands a request on. */
  readonly authority: string;
}

/** The Service that leads to the metrics API, as its certificate has to name it. */
export const metricService = `${serviceName}.${namespace}.svc`;

/** Serves the metric and registers it. An API server takes up to some seconds before it hands requests on. */
export async function serveMetric(cluster: Cluster, options: MetricOptions): Promise<ServedMetric> {
  let { value } = options;
  const tls = { cert: options.certificate, key: options.key, ca: options.authority, requestCert: true };
  const server = createServer(tls, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'https://metrics');
    const [, , group = '', , , namespace = ''] = pathname.split('/');
    const answer =
      discovery(pathname, group, options.name) ??
      (group === external
        ? externalMetric(pathname, options.name, value)
        : podMetrics(await cluster.list('v1', 'Pod', namespace, searchParams.get('labelSelector') ?? ''), value));
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await register(cluster, (server.address() as AddressInfo).port, options.authority);
  return {
    set(next) {
      value = next;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function discovery(path: string, group: string, name: string): object | undefined {
  const groupVersion = `${group}/${version}`;
  if (path === `/apis/${group}`) {
    const only = { groupVersion, version };
    return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions: [only], preferredVersion: only };
  }
  if (path !== `/apis/${groupVersion}`) return undefined;
  const served =
    group === external
      ? { name, singularName: '', namespaced: true, kind: 'ExternalMetricValueList', verbs: ['get'] }
      : { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] };
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [served] };
}

function externalMetric(path: string, name: string, value: number): object | undefined {
  if (!path.startsWith(`/apis/${external}/${version}/namespaces/`) || !path.endsWith(`/${name}`)) return undefined;
  const item = { metricName: name, metricLabels: {}, timestamp: new Date().toISOString(), value: String(value) };
  return { kind: 'ExternalMetricValueList', apiVersion: `${external}/${version}`, metadata: {}, items: [item] };
}

/** Every pod has its share of the work. */
function podMetrics(pods: readonly KubernetesObject[], value: number): object {
  const usage = { cpu: `${Math.round((value * milliCpuOfOne) / pods.length)}m`, memory: '64Mi' };
  const items = pods.map(({ metadata: { name, namespace, labels }, ...pod }) => ({
    metadata: { name, namespace, labels },
    timestamp: new Date().toISOString(),
    window: '1s',
    containers: (pod['spec'] as { containers: { name: string }[] }).containers.map((each) => ({
      name: each.name,
      usage,
    })),
  }));
  return { kind: 'PodMetricsList', apiVersion: `${resources}/${version}`, metadata: {}, items };
}

/** An endpoint may not be a loopback address; an external name may lead to one. */
async function register(cluster: Cluster, port: number, authority: string): Promise<void> {
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName, namespace },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  });
  for (const group of [external, resources]) {
    await cluster.apply({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `${version}.${group}` },
      spec: {
        group,
        version,
        groupPriorityMinimum: 100,
        versionPriority: 100,
        caBundle: Buffer.from(authority).toString('base64'),
        service: { name: serviceName, namespace, port },
      },
    });
  }
}
