/** What `ebb up` says at its end: how to reach the cluster, and lines to type that work when typed. */
import type { KubernetesObject } from '../cluster/kubernetes-object.ts';

export interface WhatNext {
  /** How the reader calls ebb. */
  readonly ebb: string;
  readonly kubeconfigPath: string;
  readonly manifests: readonly KubernetesObject[];
  /** Name of the instance, where it is not the default one. */
  readonly instance?: string;
  /** Whether there is a kubectl on the reader's own PATH. */
  readonly hasKubectl: boolean;
  readonly isDetached: boolean;
}

const widest = 60;

export function whatNext({ ebb, kubeconfigPath, manifests, instance, hasKubectl, isDetached }: WhatNext): string {
  const of = instance === undefined ? '' : ` --name ${instance}`;
  const first = manifests.find(({ kind }) => kind === 'MiniCluster');
  const namespace = first?.metadata.namespace ? ` -n ${first.metadata.namespace}` : '';
  const lines: [typed: string, says: string][] = [[`${ebb} get${of}`, 'MiniClusters, as kubectl get shows them']];
  if (first) lines.push(...resizes(ebb, of, first));
  if (!hasKubectl) lines.push([`${ebb} kubectl${of} get pods${namespace}`, 'kubectl itself']);
  lines.push([`${ebb} demo`, 'the whole walkthrough, on an instance of its own']);
  const width = Math.min(widest, Math.max(...lines.map(([typed]) => typed.length)));
  return [
    '',
    `  export KUBECONFIG=${kubeconfigPath}`,
    ...(hasKubectl ? [`  kubectl get pods${namespace}`] : []),
    '',
    isDetached ? 'Try next:' : 'Try next, in another terminal:',
    ...lines.map(([typed, says]) => `  ${typed.padEnd(width)}   ${says}`),
    isDetached ? `Stop everything with: ${ebb} down${of}` : 'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

/** A resize that this MiniCluster accepts, and where to see it. */
function resizes(ebb: string, of: string, { metadata, spec }: KubernetesObject): [string, string][] {
  const { size = 1, maxSize = size } = (spec ?? {}) as { size?: number; maxSize?: number };
  const list: [string, string] = [`${ebb} flux${of} ${metadata.name} resource list`, 'what Flux says of its nodes'];
  const scale = (to: number, says: string): [string, string] => [
    `${ebb} scale${of} ${metadata.name} ${to} --wait`,
    says,
  ];
  if (size > 1) return [scale(size - 1, 'one broker goes, the rest runs on'), [list[0], 'and shows as down']];
  return maxSize > size ? [scale(size + 1, 'one broker more'), list] : [list];
}
