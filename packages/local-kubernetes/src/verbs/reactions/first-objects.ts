// What a cluster has from its first moment: its namespaces, the Service and EndpointSlice of the API itself, and the
// default roles. Written once with what is missing; what a user changed later stays, but for roles, which a real
// server brings back at each start too. Namespaces and the API's own Service come back when they are deleted.

import { bootstrapRoles } from '../../auth/bootstrap/bootstrap-roles.ts';
import type { KubernetesObject, ObjectMeta } from '../../client/kubernetes-object.ts';
import {
  defaultClassAnnotation,
  localProvisioner,
  localStorageClass,
} from '../../controllers/volumes/storage-names.ts';
import { trackUpdate } from '../../patch/apply.ts';
import { timestamp } from '../create.ts';
import type { ApiContext, StoreTransaction } from '../request.ts';

/** Where the API is reached. */
interface Address {
  readonly host: string;
  readonly port: number;
}

const apiKey = 'default/kubernetes';
const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Writes what is missing, in one transaction. @param address where the API is reached; it follows the port. */
export function writeFirstObjects(context: ApiContext, address: Address): Promise<void> {
  return context.store.transact((transaction) => {
    const writer = new FirstObjects(context, transaction);
    writeLasting(writer, address);
    for (const role of bootstrapRoles()) {
      const bucket = `${role.kind.toLowerCase()}s.rbac.authorization.k8s.io`;
      const { name = '', namespace } = role.metadata;
      writer.ensure(bucket, namespace ? `${namespace}/${name}` : name, role);
    }
    writer.ensure('storageclasses.storage.k8s.io', localStorageClass, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: localStorageClass, annotations: { [defaultClassAnnotation]: 'true' } },
      provisioner: localProvisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    });
    for (const [name, value] of Object.entries({
      'system-node-critical': 2000001000,
      'system-cluster-critical': 2000000000,
    })) {
      writer.ensure('priorityclasses.scheduling.k8s.io', name, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name, generation: 1 },
        description: name.includes('node')
          ? 'Used for system critical pods that must not be moved from their current node.'
          : 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
        preemptionPolicy: 'PreemptLowerPriority',
        value,
      });
    }
  });
}

/** What a real server looks after all the time: `kubectl delete all --all` takes the API's own Service along. */
function writeLasting(writer: FirstObjects, address: Address): void {
  for (const name of namespaces) {
    writer.ensure('namespaces', name, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      status: { phase: 'Active' },
    });
  }
  writer.ensure('services', apiKey, service());
  writer.follow('endpointslices.discovery.k8s.io', apiKey, endpointSlice(address));
  writer.follow('endpoints', apiKey, endpoints(address));
}

/** Writes again what lasts when it was deleted. @returns the way to stop */
export function keepFirstObjects(context: ApiContext, address: Address, log: (text: string) => void): () => void {
  const lasting = new Set([
    ...namespaces.map((name) => `namespaces ${name}`),
    ...['services', 'endpointslices.discovery.k8s.io', 'endpoints'].map((bucket) => `${bucket} ${apiKey}`),
  ]);
  return context.store.onChange(({ type, bucket, item }) => {
    if (type !== 'DELETED' || !lasting.has(`${bucket} ${item.key}`)) return;
    context.store
      .transact((transaction) => writeLasting(new FirstObjects(context, transaction), address))
      .catch((error: unknown) => log(`${bucket} ${item.key}: ${String(error)}`));
  });
}

class FirstObjects {
  readonly #context: ApiContext;
  readonly #transaction: StoreTransaction;

  constructor(context: ApiContext, transaction: StoreTransaction) {
    this.#context = context;
    this.#transaction = transaction;
  }

  ensure(bucket: string, key: string, object: KubernetesObject): void {
    if (!this.#transaction.get(bucket, key)) this.#put(bucket, key, object);
  }

  /** Writes an object that has to say what is true now. */
  follow(bucket: string, key: string, object: KubernetesObject): void {
    const found = this.#transaction.get(bucket, key);
    if (!found) {
      this.#put(bucket, key, object);
      return;
    }
    const { metadata, ...rest } = object;
    const { metadata: _old, ...before } = found.object;
    if (JSON.stringify(rest) !== JSON.stringify(before)) {
      this.#transaction.put(bucket, key, {
        ...object,
        metadata: { ...structuredClone(found.object.metadata), labels: metadata.labels ?? {} },
      });
    }
  }

  #put(bucket: string, key: string, object: KubernetesObject): void {
    const time = this.#context.now();
    const metadata: ObjectMeta = {
      ...object.metadata,
      uid: this.#context.newUid(),
      creationTimestamp: timestamp(time),
    };
    const slash = object.apiVersion.indexOf('/');
    const group = slash < 0 ? '' : object.apiVersion.slice(0, slash);
    const kind = this.#context.resources.findKind(group, object.apiVersion.slice(slash + 1), object.kind);
    const after = { ...object, metadata };
    const manager = 'kube-apiserver';
    const { apiVersion } = object;
    const tracked: KubernetesObject = kind
      ? trackUpdate({ before: undefined, after, manager, apiVersion, schema: kind.schema, time })
      : after;
    // The finalizer of a namespace is the strategy's doing, so it belongs to nobody.
    if (object.kind === 'Namespace') tracked['spec'] = { finalizers: ['kubernetes'] };
    this.#transaction.put(bucket, key, tracked);
  }
}

function service(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
    status: { loadBalancer: {} },
  };
}

function endpointSlice({ host, port }: Address): KubernetesObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
}

function endpoints({ host, port }: Address): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: host }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  };
}
