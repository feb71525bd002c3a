// Keeps one EndpointSlice a Service with a selector: the addresses of its pods. discovery.k8s.io/v1.

import { isDeepStrictEqual } from 'node:util';
import { Informer } from '../../client/informer.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { matchesLabelSelector } from '../../kinds/object-selectors.ts';
import type { Pod } from '../../node-agent/pod-types.ts';
import type { ControllerContext } from '../controller-context.ts';
import { randomPodSuffix } from '../job/job-pod.ts';

interface ServiceSpec {
  selector?: Record<string, string>;
  clusterIP?: string;
  publishNotReadyAddresses?: boolean;
  ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
}

const slices = { apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices' };
const managedBy = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };

export function startEndpointSliceController({ client, log }: ControllerContext): { stop(): Promise<void> } {
  const onError = (error: unknown) => log(String(error));
  const queue = new WorkQueue(sync, { onError: (key, error) => log(`${key}: ${String(error)}`) });
  const keyOf = ({ metadata }: KubernetesObject) => `${metadata.namespace}/${metadata.name}`;
  const services = new Informer(client, { apiVersion: 'v1', plural: 'services' }, { onError })
    .onChange((service) => queue.add(keyOf(service)))
    .start();
  const pods = new Informer(client, { apiVersion: 'v1', plural: 'pods' }, { onError })
    .onChange((pod) => {
      for (const service of services.list()) {
        if (service.metadata.namespace === pod.metadata.namespace && selects(service, pod)) queue.add(keyOf(service));
      }
    })
    .start();

  async function sync(key: string): Promise<undefined> {
    await Promise.all([services.synced, pods.synced]);
    const [namespace, name] = key.split('/') as [string, string];
    const service = services.get(namespace, name);
    const present = await sliceOf(namespace, name);
    if (!service || !(service['spec'] as ServiceSpec).selector) {
      if (present && !service) await tolerant(client.delete({ ...slices, namespace, name: present.metadata.name! }));
      return;
    }
    const selected = (pods.list() as Pod[]).filter(
      (pod) => pod.metadata.namespace === namespace && selects(service, pod),
    );
    const wanted = { endpoints: endpointsOf(service, selected), ports: portsOf(service, selected) };
    if (!present) {
      const spec = service['spec'] as ServiceSpec;
      await client.create(
        { ...slices, namespace },
        {
          apiVersion: slices.apiVersion,
          kind: 'EndpointSlice',
          metadata: {
            name: `${name}-${randomPodSuffix()}`,
            generateName: `${name}-`,
            namespace,
            labels: {
              ...service.metadata.labels,
              ...managedBy,
              'kubernetes.io/service-name': name,
              ...(spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
            },
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'Service',
                name,
                uid: service.metadata.uid,
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          },
          addressType: 'IPv4',
          ...wanted,
        },
      );
    } else if (!isDeepStrictEqual({ endpoints: present['endpoints'] ?? [], ports: present['ports'] ?? [] }, wanted)) {
      await tolerant(client.patch({ ...slices, namespace, name: present.metadata.name! }, wanted, 'merge'));
    }
  }

  async function sliceOf(namespace: string, name: string): Promise<KubernetesObject | undefined> {
    const { items } = await client.list(
      { ...slices, namespace },
      { labelSelector: `kubernetes.io/service-name=${name}` },
    );
    return items.find(({ metadata }) => metadata.labels?.[Object.keys(managedBy)[0]!] === Object.values(managedBy)[0]);
  }

  return {
    async stop() {
      await Promise.all([services.stop(), pods.stop()]);
      await queue.stop();
    },
  };
}

export function selects(service: KubernetesObject, pod: KubernetesObject): boolean {
  const { selector } = (service['spec'] ?? {}) as ServiceSpec;
  return selector !== undefined && matchesLabelSelector({ matchLabels: selector }, pod.metadata.labels ?? {});
}

function endpointsOf(service: KubernetesObject, pods: readonly Pod[]): object[] {
  const { publishNotReadyAddresses = false } = service['spec'] as ServiceSpec;
  return pods
    .filter((pod) => pod.status?.podIP && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed')
    .sort((a, b) => a.metadata.name!.localeCompare(b.metadata.name!))
    .map((pod) => {
      const serving =
        pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      const { namespace, name, uid } = pod.metadata;
      return {
        addresses: [pod.status!.podIP!],
        conditions: { ready: publishNotReadyAddresses || (serving && !terminating), serving, terminating },
        ...(pod.spec.hostname && pod.spec.subdomain === service.metadata.name ? { hostname: pod.spec.hostname } : {}),
        nodeName: pod.spec.nodeName,
        targetRef: { kind: 'Pod', namespace, name, uid },
      };
    });
}

function portsOf(service: KubernetesObject, pods: readonly Pod[]): object[] {
  const { ports = [] } = service['spec'] as ServiceSpec;
  return ports.map(({ name = '', port, targetPort = port, protocol = 'TCP' }) => ({
    name,
    port: typeof targetPort === 'number' ? targetPort : (namedPort(targetPort, pods) ?? port),
    protocol,
  }));
}

function namedPort(name: string, pods: readonly Pod[]): number | undefined {
  return pods
    .flatMap(({ spec }) => spec.containers)
    .flatMap(({ ports = [] }) => ports)
    .find((port) => port.name === name)?.containerPort;
}

async function tolerant(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
  }
}
