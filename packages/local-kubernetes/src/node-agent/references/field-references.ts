// What fieldRef and resourceFieldRef say, in environments and in volumes of the downward API. Pure.

import { parseQuantity } from '../../schema/quantity.ts';
import type { Container, FieldRef, Pod, ResourceFieldRef } from '../pod-types.ts';
import { ContainerConfigError } from './container-config-error.ts';

export interface FieldContext {
  /** What the node gives to pods: what a container without a limit may have. */
  readonly allocatable: Readonly<Record<string, string>>;
  readonly pod: Pod;
  readonly podIP: string;
  readonly hostIP: string;
}

/** @throws {ContainerConfigError} for a path that names no field */
export function fieldText({ fieldPath }: FieldRef, { pod, podIP, hostIP }: FieldContext): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return pod.metadata.name!;
    case 'metadata.namespace':
      return pod.metadata.namespace!;
    case 'metadata.uid':
      return pod.metadata.uid!;
    case 'metadata.labels':
    case 'metadata.annotations':
      return Object.entries(pod.metadata[fieldPath.slice(9) as 'labels' | 'annotations'] ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join('\n');
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    default:
      throw new ContainerConfigError(`unsupported fieldPath: ${fieldPath}`);
  }
}

export function resourceText(ref: ResourceFieldRef, { pod, allocatable }: FieldContext, owner?: Container): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container = all.find(({ name }) => name === ref.containerName) ?? owner;
  const [kind = '', ...rest] = ref.resource.split('.');
  const amounts = container?.resources?.[kind as 'requests' | 'limits'] ?? {};
  const resource = rest.join('.');
  const isOfNode = kind === 'limits' && ['cpu', 'memory', 'ephemeral-storage'].includes(resource);
  const amount = amounts[resource] ?? (isOfNode ? allocatable[resource] : undefined);
  if (amount === undefined) return '0';
  const divisor = parseQuantity(ref.divisor === undefined || String(ref.divisor) === '0' ? '1' : ref.divisor).nanos;
  const { nanos } = parseQuantity(amount);
  return String((nanos + divisor - 1n) / divisor);
}
