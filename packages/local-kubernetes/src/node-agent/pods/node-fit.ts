// Pods that were bound to a node without its scheduler and find no room there: kubelet turns them away by the scheduler's
// own filters. Pure. Facts: k8s.io/kubernetes pkg/kubelet/lifecycle.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { hostPortsClash } from '../../scheduler/host-ports.ts';
import { takesNode } from '../../scheduler/node-selection.ts';
import { requestsOf } from '../../scheduler/pod-requests.ts';
import { ownMember } from '../../schema/own-member.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import type { Pod } from '../pod-types.ts';
import type { Refusal } from './admission.ts';

/** Those that every node has, in the order in which they are looked at; what else a pod asks for comes after them. */
const everyNodes = ['cpu', 'memory', 'ephemeral-storage'];

/**
 * @param allocatable of the node, by resource
 * @param others that the node has taken and that have not ended
 * @param node of the API; absent where the pod does not choose among nodes
 */
export function misfitOf(
  pod: Pod,
  allocatable: Readonly<Record<string, string>>,
  others: readonly Pod[],
  node?: KubernetesObject,
): Refusal | undefined {
  const most = Number(allocatable['pods']);
  if (others.length + 1 > most) return lackOf('pods', 1n, BigInt(others.length), BigInt(most));
  const wanted = requestsOf(pod);
  const used = others.map(requestsOf);
  const own = [...wanted.keys()].filter((name) => !everyNodes.includes(name)).sort();
  for (const resource of [...everyNodes, ...own]) {
    const have = ownMember(allocatable, resource);
    // A resource that the node does not know is given out elsewhere.
    if (have === undefined) continue;
    const amount = wanted.get(resource) ?? 0n;
    const taken = total(used, resource);
    const capacity = parseQuantity(have).nanos;
    if (amount === 0n || taken + amount <= capacity) continue;
    const told = (nanos: bigint) => unitsOf(resource, nanos);
    return lackOf(resource, told(amount), told(taken), told(capacity));
  }
  if (node && !takesNode(pod, node)) return unmet('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
  if (others.some((other) => hostPortsClash(pod, other)))
    return unmet('NodePorts', "node(s) didn't have free ports for the requested pod ports");
  return undefined;
}

const total = (all: readonly ReadonlyMap<string, bigint>[], resource: string): bigint =>
  all.reduce((sum, amounts) => sum + (amounts.get(resource) ?? 0n), 0n);

/** Processors are told in thousandths, what else there is in whole ones, rounded up. */
function unitsOf(resource: string, nanos: bigint): bigint {
  const unit = resource === 'cpu' ? 1_000_000n : 1_000_000_000n;
  return (nanos + unit - 1n) / unit;
}

const lackOf = (resource: string, requested: bigint, used: bigint, capacity: bigint): Refusal => ({
  reason: `OutOf${resource}`,
  message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
});

const unmet = (reason: string, why: string): Refusal => ({ reason, message: `Predicate ${reason} failed: ${why}` });
