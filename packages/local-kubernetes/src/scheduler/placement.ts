// Where a pod may run, as a function of the pod, the nodes and the pods that are there. Reasons are worded as
// kube-scheduler's filter plugins word them.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { matchesLabelSelector, matchesNodeSelectorTerms, type NodeSelectorTerm } from '../kinds/object-selectors.ts';
import { hasEnded } from '../kinds/pod-end.ts';
import type { Pod } from '../node-agent/pod-types.ts';
import { ownMember } from '../schema/own-member.ts';
import { parseQuantity } from '../schema/quantity.ts';
import { hostPortsClash } from './host-ports.ts';
import { takesNode } from './node-selection.ts';
import { requestsOf } from './pod-requests.ts';

export interface Node extends KubernetesObject {
  spec?: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] };
  status?: { allocatable?: Record<string, string>; conditions?: { type: string; status: string }[] };
}

export interface Placement {
  readonly node?: string;
  /** Why no node took the pod, as its PodScheduled condition and its FailedScheduling event say it. */
  readonly message?: string;
}

interface PodAffinityTerm {
  labelSelector?: object;
  topologyKey: string;
  namespaces?: string[];
}

interface Affinity {
  nodeAffinity?: {
    preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; preference: NodeSelectorTerm }[];
  };
  podAffinity?: PodAffinityRules;
  podAntiAffinity?: PodAffinityRules;
}

interface PodAffinityRules {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; podAffinityTerm: PodAffinityTerm }[];
}

export function placePod(pod: Pod, nodes: readonly Node[], pods: readonly Pod[]): Placement {
  if (nodes.length === 0) return { message: 'no nodes available to schedule pods' };
  const placed = pods.filter((other) => other.spec.nodeName && !hasEnded(other));
  const reasons = new Map<string, number>();
  let helped = 0;
  const fitting: { node: Node; score: number }[] = [];
  for (const node of nodes) {
    const refusals = refusalsOf(pod, node, nodes, placed);
    if (refusals.length === 0) fitting.push({ node, score: scoreOf(pod, node, nodes, placed) });
    if (refusals.every((reason) => isPreemptible(reason, pod, node))) helped++;
    for (const reason of refusals) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (fitting.length > 0) {
    const best = fitting.reduce((a, b) => (b.score > a.score ? b : a));
    return { node: best.node.metadata.name! };
  }
  const total = `0/${nodes.length} nodes are available`;
  const listed = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  const preemption = [
    [helped, 'No preemption victims found for incoming pod'] as const,
    [nodes.length - helped, 'Preemption is not helpful for scheduling'] as const,
  ].flatMap(([count, text]) => (count > 0 ? [`${count} ${text}`] : []));
  return {
    message: `${total}: ${listed.join(', ')}. no new claims to deallocate, preemption: ${total}: ${preemption.sort().join(', ')}.`,
  };
}

/** Whether the node would take the pod if others made room for it. */
function isPreemptible(reason: string, pod: Pod, node: Node): boolean {
  const [, resource] = /^Insufficient (.+)$/.exec(reason) ?? [];
  if (resource === undefined) return /^Too many pods|anti-affinity rules$|free ports/.test(reason);
  const have = parseQuantity(ownMember(node.status?.allocatable, resource) ?? '0').nanos;
  return (requestsOf(pod).get(resource) ?? 0n) <= have;
}

function refusalsOf(pod: Pod, node: Node, nodes: readonly Node[], placed: readonly Pod[]): string[] {
  const tolerates = (taint: { key: string; value?: string; effect: string }) =>
    (pod.spec.tolerations ?? []).some(
      ({ key, operator = 'Equal', value = '', effect }) =>
        (!effect || effect === taint.effect) &&
        (!key ? operator === 'Exists' : key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''))),
    );
  const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  if (node.spec?.unschedulable && !tolerates(unschedulable)) return ['node(s) were unschedulable'];
  for (const taint of node.spec?.taints ?? []) {
    if (taint.effect !== 'PreferNoSchedule' && !tolerates(taint)) {
      return ['node(s) had untolerated taint(s)'];
    }
  }
  const affinity = (pod.spec.affinity ?? {}) as Affinity;
  if (!takesNode(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const there = placed.filter((other) => other.spec.nodeName === node.metadata.name);
  if (there.some((other) => hostPortsClash(pod, other)))
    return ["node(s) didn't have free ports for the requested pod ports"];
  const lacking = lackOf(pod, node, placed);
  if (lacking.length > 0) return lacking;
  for (const term of affinity.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
    // The first pod of a group that wants to be together has nobody to be with yet.
    const isFirst = !placed.some((other) => matchesTerm(other, term, pod)) && matchesTerm(pod, term, pod);
    if (!isFirst && countInDomain(term, pod, node, nodes, placed) === 0) {
      return ["node(s) didn't match pod affinity rules"];
    }
  }
  for (const term of affinity.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
    if (countInDomain(term, pod, node, nodes, placed) > 0) return ["node(s) didn't match pod anti-affinity rules"];
  }
  for (const other of placed) {
    const rules = ((other.spec.affinity ?? {}) as Affinity).podAntiAffinity;
    for (const term of rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
      if (matchesTerm(pod, term, other) && isSameDomain(term.topologyKey, node, nodeOf(other, nodes))) {
        return ["node(s) didn't satisfy existing pods anti-affinity rules"];
      }
    }
  }
  return [];
}

function lackOf(pod: Pod, node: Node, placed: readonly Pod[]): string[] {
  const allocatable = node.status?.allocatable ?? {};
  const here = placed.filter((other) => other.spec.nodeName === node.metadata.name);
  const lacking: string[] = [];
  if (here.length + 1 > Number(allocatable['pods'] ?? 110)) lacking.push('Too many pods');
  const wanted = requestsOf(pod);
  const used = here.map(requestsOf);
  for (const [resource, amount] of wanted) {
    if (amount === 0n) continue;
    const have = parseQuantity(ownMember(allocatable, resource) ?? '0').nanos;
    const taken = used.reduce((sum, requests) => sum + (requests.get(resource) ?? 0n), 0n);
    if (taken + amount > have) lacking.push(`Insufficient ${resource}`);
  }
  return lacking;
}

function scoreOf(pod: Pod, node: Node, nodes: readonly Node[], placed: readonly Pod[]): number {
  const affinity = (pod.spec.affinity ?? {}) as Affinity;
  let score = 0;
  for (const { weight, preference } of affinity.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
    if (matchesNodeSelectorTerms([preference], node)) score += weight;
  }
  const preferred = (rules?: PodAffinityRules) => rules?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const { weight, podAffinityTerm } of preferred(affinity.podAffinity)) {
    score += weight * countInDomain(podAffinityTerm, pod, node, nodes, placed);
  }
  for (const { weight, podAffinityTerm } of preferred(affinity.podAntiAffinity)) {
    score -= weight * countInDomain(podAffinityTerm, pod, node, nodes, placed);
  }
  // Otherwise pods spread: the emptier node wins.
  const here = placed.filter((other) => other.spec.nodeName === node.metadata.name).length;
  return score - here / 10;
}

function countInDomain(
  term: PodAffinityTerm,
  pod: Pod,
  node: Node,
  nodes: readonly Node[],
  placed: readonly Pod[],
): number {
  return placed.filter(
    (other) => matchesTerm(other, term, pod) && isSameDomain(term.topologyKey, node, nodeOf(other, nodes)),
  ).length;
}

function matchesTerm(candidate: Pod, term: PodAffinityTerm, owner: Pod): boolean {
  const namespaces = term.namespaces?.length ? term.namespaces : [owner.metadata.namespace];
  return (
    namespaces.includes(candidate.metadata.namespace!) &&
    term.labelSelector !== undefined &&
    matchesLabelSelector(term.labelSelector, candidate.metadata.labels ?? {})
  );
}

const nodeOf = (pod: Pod, nodes: readonly Node[]): Node | undefined =>
  nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName);

function isSameDomain(key: string, a: Node, b: Node | undefined): boolean {
  const value = ownMember(a.metadata.labels, key);
  return value !== undefined && value === ownMember(b?.metadata.labels, key);
}
