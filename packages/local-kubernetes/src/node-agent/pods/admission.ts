// Pods that a node turns away although they were bound to it, as kubelet does when it admits them. Pure.

import type { AgentRights } from '../host/agent-rights.ts';
import type { Container, Pod } from '../pod-types.ts';

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** Sysctls that kubelet takes without being told to (Kubernetes documentation, "Using sysctls"). */
const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];

export function refusalOf(pod: Pod, rights: AgentRights['kind']): Refusal | undefined {
  const forbidden = pod.spec.securityContext?.sysctls?.find(({ name }) => !safeSysctls.includes(name));
  if (forbidden) return { reason: 'SysctlForbidden', message: `forbidden sysctl: "${forbidden.name}" not allowlisted` };
  const unforwarded = findContainer(pod, ({ ports = [] }) =>
    ports.some(({ hostPort, protocol = 'TCP' }) => hostPort && protocol !== 'TCP') ? 'ports' : undefined,
  );
  if (unforwarded && !pod.spec.hostNetwork)
    return { reason: 'HostPort', message: `${unforwarded}: this node forwards host ports of TCP alone` };
  // A node without AppArmor turns such pods away whoever runs it.
  if (profiles(pod, 'appArmorProfile').some((type) => type !== 'Unconfined'))
    return { reason: 'AppArmor', message: 'Cannot enforce AppArmor: AppArmor is not enabled on the host' };
  if (profiles(pod, 'seccompProfile').includes('Localhost'))
    return { reason: 'Seccomp', message: 'seccompProfile Localhost: this node filters no system calls' };
  const device = findContainer(pod, ({ volumeDevices = [] }) =>
    volumeDevices.length > 0 ? 'volumeDevices' : undefined,
  );
  if (device) return { reason: 'VolumeDevices', message: `${device}: this node has no block volumes` };
  if (rights !== 'none') return undefined;
  const what = needsNamespaces(pod);
  if (!what) return undefined;
  return { reason: 'NoNamespaces', message: `${what}: this node can make no namespaces for pods; ask ebb doctor why` };
}

/** What a pod asks for that this node leaves out, and tells of once. */
export function notedOf(pod: Pod): Refusal[] {
  if (!profiles(pod, 'seccompProfile').includes('RuntimeDefault')) return [];
  const message = 'seccompProfile RuntimeDefault is not applied: this node filters no system calls';
  return [{ reason: 'SeccompNotApplied', message }];
}

function profiles({ spec }: Pod, name: 'appArmorProfile' | 'seccompProfile'): (string | undefined)[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const all = [spec, ...containers].map(({ securityContext }) => securityContext?.[name]?.type);
  return all.filter((type) => type !== undefined);
}

/** The path of the first field of a container that `look` names. */
function findContainer({ spec }: Pod, look: (container: Container) => string | undefined): string | undefined {
  for (const kind of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[kind] ?? []).entries()) {
      const field = look(container);
      if (field) return `spec.${kind}[${index}].${field}`;
    }
  }
  return undefined;
}

/** The first field of a pod that plain processes cannot have. */
function needsNamespaces({ spec }: Pod): string | undefined {
  if (spec.hostNetwork !== true && spec.hostname) return 'spec.hostname';
  if (spec.shareProcessNamespace) return 'spec.shareProcessNamespace';
  const containers: [string, Container][] = [
    ...(spec.initContainers ?? []).map((each, index) => [`spec.initContainers[${index}]`, each] as [string, Container]),
    ...spec.containers.map((each, index) => [`spec.containers[${index}]`, each] as [string, Container]),
  ];
  for (const [field, { volumeMounts = [], securityContext = {} }] of containers) {
    const mount = volumeMounts.findIndex(({ mountPath }) => mountPath !== apiAccessPath);
    if (mount >= 0) return `${field}.volumeMounts[${mount}]`;
    for (const name of ['runAsUser', 'runAsGroup', 'readOnlyRootFilesystem', 'privileged'] as const) {
      if (securityContext[name]) return `${field}.securityContext.${name}`;
    }
  }
  return undefined;
}

/** Every pod has it; what does not ask for it does without. */
const apiAccessPath = '/var/run/secrets/kubernetes.io/serviceaccount';
