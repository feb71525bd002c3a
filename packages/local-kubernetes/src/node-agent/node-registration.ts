// Registers Nodes and keeps their leases, by which a control plane knows that they live.

import type { KubernetesClient } from '../client/kubernetes-client.ts';
import { StatusError } from '../client/status-error.ts';
import { machineIdentity } from './host/machine-identity.ts';

export interface AgentNode {
  readonly name: string;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Registration {
  readonly hostIP: string;
  readonly port: number;
  /** What it has of each resource. */
  readonly machine: Readonly<Record<string, string>>;
  readonly now: () => Date;
  readonly log: (text: string) => void;
  /** Milliseconds between two heartbeats. */
  readonly heartbeatMs?: number;
}

const leaseSeconds = 40;
const defaultHeartbeatMs = 10_000;

export const capacityOf = (node: AgentNode | undefined, machine: Registration['machine']): Record<string, string> => ({
  ...machine,
  pods: '110',
  ...node?.capacity,
});

export async function registerNodes(
  client: KubernetesClient,
  nodes: readonly AgentNode[],
  registration: Registration,
): Promise<{ stop(): Promise<void> }> {
  const { log, now } = registration;
  await Promise.all(nodes.map((node) => register(client, node, registration)));
  const renewAll = () =>
    Promise.all(
      nodes.map(async (node) => {
        await renew(client, node.name, now());
        await sayReady(client, node, registration);
      }),
    );
  await renewAll().catch((error: unknown) => log(`node lease: ${String(error)}`));
  let isRenewing = false;
  const timer = setInterval(() => {
    if (isRenewing) return;
    isRenewing = true;
    renewAll()
      .catch((error: unknown) => log(`node lease: ${String(error)}`))
      .finally(() => {
        isRenewing = false;
      });
  }, registration.heartbeatMs ?? defaultHeartbeatMs);
  return {
    async stop() {
      clearInterval(timer);
    },
  };
}

/** A node that counted as lost says that it is here; one that was deleted stays so until its agent's next start. */
async function sayReady(client: KubernetesClient, node: AgentNode, registration: Registration): Promise<void> {
  try {
    const found = await client.get({ apiVersion: 'v1', plural: 'nodes', name: node.name });
    const { conditions = [] } = (found['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
    if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return;
    throw error;
  }
  await register(client, node, registration);
}

async function register(client: KubernetesClient, node: AgentNode, { hostIP, port, machine, now }: Registration) {
  const ref = { apiVersion: 'v1', plural: 'nodes', name: node.name };
  const labels = {
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
    ...node.labels,
  };
  try {
    const collection = { apiVersion: 'v1', plural: 'nodes' };
    await client.create(collection, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node.name, labels },
      spec: {},
    });
  } catch (error) {
    if (!(error instanceof StatusError && error.code === 409)) throw error;
    await client.patch(ref, { metadata: { labels } }, 'merge');
  }
  const time = now().toISOString().replace(/\.\d+/, '');
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  });
  const capacity = capacityOf(node, machine);
  const status = {
    capacity,
    allocatable: capacity,
    addresses: [
      { type: 'InternalIP', address: hostIP },
      { type: 'Hostname', address: node.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      architecture: labels['kubernetes.io/arch'],
      operatingSystem: 'linux',
      kubeletVersion: 'v1.35.4',
      kubeProxyVersion: '',
      containerRuntimeVersion: 'ebb://0.1.0',
      ...machineIdentity(),
    },
  };
  await client.patch({ ...ref, subresource: 'status' }, { status }, 'merge');
}

async function renew(client: KubernetesClient, name: string, now: Date): Promise<void> {
  const collection = { apiVersion: 'coordination.k8s.io/v1', plural: 'leases', namespace: 'kube-node-lease' };
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: leaseSeconds,
    renewTime: now.toISOString().replace('Z', '000Z'),
  };
  try {
    await client.patch({ ...collection, name }, { spec }, 'merge');
  } catch (error) {
    if (!(error instanceof StatusError && error.code === 404)) throw error;
    await client.create(collection, { ...kindOfLease, metadata: { name }, spec });
  }
}

const kindOfLease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
