// What a pod is called: for its containers, and for the kernel.

import type { Pod } from '../pod-types.ts';

const clusterDomain = 'cluster.local';
const longestLabel = 63;
/** Of the kernel, without the byte that ends it. */
const longestName = 64;

/** One in the node's network has the node's name. */
export function hostnameOf({ metadata, spec }: Pod): string {
  if (spec.hostNetwork) return spec.nodeName!.slice(0, longestLabel);
  const name = spec.hostnameOverride ?? spec.hostname ?? metadata.name!;
  return name.length > longestLabel ? name.slice(0, longestLabel).replace(/[-.]+$/, '') : name;
}

/** What `hostname` answers. @throws Error where setHostnameAsFQDN asks for more than the kernel takes */
export function kernelNameOf(pod: Pod): string {
  const { hostNetwork, hostnameOverride, setHostnameAsFQDN, subdomain } = pod.spec;
  const hostname = hostnameOf(pod);
  if (!setHostnameAsFQDN || !subdomain || hostNetwork || hostnameOverride !== undefined) return hostname;
  const full = `${hostname}.${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`;
  if (full.length <= longestName) return full;
  throw new Error(
    `failed to construct FQDN from pod hostname and cluster domain, FQDN ${full} is too long ` +
      `(${longestName} characters is the max, ${full.length} characters requested)`,
  );
}
