/**
 * A metrics API of one number (external.metrics.k8s.io/v1beta1), served on this machine and known to a cluster's API
 * server by an APIService, for a HorizontalPodAutoscaler to ask.
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Cluster } from '@ebb/ebb/internal';

const group = 'external.metrics.k8s.io';
const version = 'v1beta1';
const groupVersion = `${group}/${version}`;
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
  const server = createServer(tls, (request, response) => {
    const answer = answerTo(new URL(request.url!, 'https://metrics').pathname, options.name, value);
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

function answerTo(path: string, name: string, value: number): object | undefined {
  if (path === `/apis/${group}`) {
    const only = { groupVersion, version };
    return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions: [only], preferredVersion: only };
  }
  if (path === `/apis/${groupVersion}`) {
    const resource = { name, singularName: '', namespaced: true, kind: 'ExternalMetricValueList', verbs: ['get'] };
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [resource] };
  }
  if (!path.startsWith(`/apis/${groupVersion}/namespaces/`) || !path.endsWith(`/${name}`)) return undefined;
  const item = { metricName: name, metricLabels: {}, timestamp: new Date().toISOString(), value: String(value) };
  return { kind: 'ExternalMetricValueList', apiVersion: groupVersion, metadata: {}, items: [item] };
}

/** An endpoint may not be a loopback address; an external name may lead to one. */
async function register(cluster: Cluster, port: number, authority: string): Promise<void> {
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName, namespace },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  });
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
