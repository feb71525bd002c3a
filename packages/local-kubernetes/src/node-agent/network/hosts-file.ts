// /etc/hosts of a pod: its own name, and the names that a cluster's DNS would give the pods of headless services.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { selects } from '../../controllers/endpoints/endpoint-slices.ts';
import type { Pod } from '../pod-types.ts';

export interface NamedAddress {
  readonly address: string;
  readonly namespace: string;
  /** `NAME.SUBDOMAIN`, or `SERVICE`. */
  readonly name: string;
}

const clusterDomain = 'cluster.local';

/**
 * Names and addresses of everything that has one.
 * @param addressOf a pod's address, which this agent may know before the API does
 */
export function serviceNames(
  services: readonly KubernetesObject[],
  pods: readonly Pod[],
  addressOf: (pod: Pod) => string | undefined,
): NamedAddress[] {
  const names: NamedAddress[] = [];
  for (const service of services) {
    const spec = (service['spec'] ?? {}) as {
      clusterIP?: string;
      publishNotReadyAddresses?: boolean;
      selector?: object;
    };
    const { namespace = '', name = '' } = service.metadata;
    if (!spec.selector) continue;
    const backends = pods.filter(
      (pod) =>
        pod.metadata.namespace === namespace &&
        selects(service, pod) &&
        pod.status?.phase !== 'Succeeded' &&
        pod.status?.phase !== 'Failed' &&
        (spec.publishNotReadyAddresses || isReady(pod)),
    );
    for (const pod of backends) {
      const address = addressOf(pod);
      if (!address) continue;
      names.push({ address, namespace, name });
      if (spec.clusterIP === 'None' && pod.spec.hostname && pod.spec.subdomain === name) {
        names.push({ address, namespace, name: `${pod.spec.hostname}.${name}` });
      }
    }
  }
  return names;
}

/** @param machine the text of this machine's own file, which a pod in its network has too */
export function hostsFile(
  pod: Pod,
  address: string,
  hostname: string,
  names: readonly NamedAddress[],
  machine = '',
): string {
  const { namespace } = pod.metadata;
  const { subdomain, hostAliases = [] } = pod.spec;
  const full = subdomain ? `${hostname}.${subdomain}.${namespace}.svc.${clusterDomain}\t` : '';
  const others = names
    .map(({ address: theirs, namespace: where, name }) => {
      const forms = [`${name}.${where}.svc.${clusterDomain}`, `${name}.${where}.svc`, `${name}.${where}`];
      return `${theirs}\t${[...forms, ...(where === namespace ? [name] : [])].join(' ')}`;
    })
    .sort();
  const own = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    `${address}\t${full}${hostname}`,
  ];
  return `${[
    ...(pod.spec.hostNetwork ? ['# Kubernetes-managed hosts file (host network).', machine.trimEnd()] : own),
    ...(hostAliases.length > 0 ? ['', '# Entries added by HostAliases.'] : []),
    ...hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`),
    ...new Set(others),
  ].join('\n')}\n`;
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
