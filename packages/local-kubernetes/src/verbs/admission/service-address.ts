// A Service's own address and node ports: allocated when it is created, kept for its life.
// Facts: k8s.io/kubernetes pkg/registry/core/service/storage/alloc.go.

import type { AdmissionRequest, ApiContext, StoreTransaction } from '../request.ts';
import { invalid } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

interface ServicePort {
  port: number;
  nodePort?: number;
}

interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  clusterIPs?: string[];
  ports?: ServicePort[];
}

/** 10.96.0.0/16, as kubeadm begins; the first address is the API's own. */
const firstAddress = 2;
const lastAddress = 0xfffe;
const firstNodePort = 30000;
const lastNodePort = 32767;

export const serviceAddress: AdmissionStep = {
  mutate(_context: ApiContext, request: AdmissionRequest) {
    const { operation, target, object, oldObject, transaction } = request;
    if (operation === 'DELETE' || target.kind.group !== '' || target.kind.plural !== 'services' || target.subresource)
      return;
    const spec = object?.['spec'] as ServiceSpec | undefined;
    if (!spec || spec.type === 'ExternalName') return;
    const old = oldObject?.['spec'] as ServiceSpec | undefined;
    if (!spec.clusterIP && !spec.clusterIPs?.length && old?.clusterIP && old.type !== 'ExternalName') {
      spec.clusterIP = old.clusterIP;
      spec.clusterIPs = old.clusterIPs ?? [old.clusterIP];
    }
    allocateAddress(spec, old, target.name, transaction);
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') allocateNodePorts(spec, old, transaction);
  },
};

function allocateAddress(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  name: string,
  transaction: StoreTransaction,
): void {
  if (spec.clusterIP === 'None') {
    spec.clusterIPs ??= ['None'];
    return;
  }
  if (spec.clusterIP && spec.clusterIP === old?.clusterIP) return;
  const used = new Set(specs(transaction).map((each) => each.clusterIP));
  if (spec.clusterIP) {
    if (used.has(spec.clusterIP)) {
      throw invalid({ group: '', kind: 'Service' }, name, [
        {
          reason: 'FieldValueInvalid',
          message: `Invalid value: ["${spec.clusterIP}"]: failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`,
          field: 'spec.clusterIPs',
        },
      ]);
    }
    spec.clusterIPs ??= [spec.clusterIP];
    return;
  }
  for (let number = firstAddress; number <= lastAddress; number++) {
    const address = `10.96.${number >> 8}.${number & 0xff}`;
    if (used.has(address)) continue;
    spec.clusterIP = address;
    spec.clusterIPs = [address];
    return;
  }
}

function allocateNodePorts(spec: ServiceSpec, old: ServiceSpec | undefined, transaction: StoreTransaction): void {
  const used = new Set(specs(transaction).flatMap((each) => (each.ports ?? []).map((port) => port.nodePort)));
  for (const port of spec.ports ?? []) {
    if (port.nodePort) continue;
    const kept = old?.ports?.find((each) => each.port === port.port)?.nodePort;
    if (kept) {
      port.nodePort = kept;
      continue;
    }
    for (let number = firstNodePort; number <= lastNodePort && !port.nodePort; number++) {
      if (!used.has(number)) port.nodePort = number;
    }
    used.add(port.nodePort);
  }
}

function specs(transaction: StoreTransaction): ServiceSpec[] {
  return transaction.range('services').map(({ object }) => (object['spec'] ?? {}) as ServiceSpec);
}
