// What the control plane writes on a node besides taints: the older names of its labels, as the node lifecycle
// controller keeps them, and how long kubelets may keep Secrets and ConfigMaps, as the ttl controller says it. Pure.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';

const olderNames: Readonly<Record<string, string>> = {
  'kubernetes.io/os': 'beta.kubernetes.io/os',
  'kubernetes.io/arch': 'beta.kubernetes.io/arch',
};
/** Seconds; a cluster of fewer than a hundred nodes has 0. */
const timeToLive = { 'node.alpha.kubernetes.io/ttl': '0' };

/** The labels and annotations that are missing or wrong; undefined when none are. */
export function missingMarks({
  metadata,
}: KubernetesObject): { labels?: Record<string, string>; annotations?: Record<string, string> } | undefined {
  const labels = Object.fromEntries(
    Object.entries(olderNames)
      .map(([name, older]) => [older, metadata.labels?.[name]] as const)
      .filter((entry): entry is [string, string] => entry[1] !== undefined && metadata.labels?.[entry[0]] !== entry[1]),
  );
  const annotations = Object.fromEntries(
    Object.entries(timeToLive).filter(([name, value]) => metadata.annotations?.[name] !== value),
  );
  const missing = {
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  return Object.keys(missing).length > 0 ? missing : undefined;
}
