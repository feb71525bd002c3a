// Whether a pod asks for the labels or fields that a node has: nodeSelector and what is required of nodeAffinity. Pure.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { matchesNodeSelectorTerms, type NodeSelectorTerm } from '../kinds/object-selectors.ts';
import type { Pod } from '../node-agent/pod-types.ts';
import { ownMember } from '../schema/own-member.ts';

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: NodeSelectorTerm[] };
  };
}

/** Without either any node will do. */
export function choosesNodes({ spec }: Pod): boolean {
  return Object.keys(spec.nodeSelector ?? {}).length > 0 || requiredOf(spec) !== undefined;
}

export function takesNode({ spec }: Pod, node: KubernetesObject): boolean {
  const labels = node.metadata.labels ?? {};
  const required = requiredOf(spec);
  return (
    Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => ownMember(labels, key) === value) &&
    (!required || matchesNodeSelectorTerms(required.nodeSelectorTerms, node))
  );
}

const requiredOf = ({ affinity }: Pod['spec']) =>
  (affinity as Affinity | undefined)?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
