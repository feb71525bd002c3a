/** What a service drops that becomes of another type. Facts: k8s.io/kubernetes pkg/registry/core/service. */
import { listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import type { JsonObject } from '../../schema/schema.ts';

interface Dropped {
  readonly fields: readonly string[];
  /** Whether a service has them. */
  readonly has: (spec: JsonObject) => boolean;
}

const isOfType = (...types: readonly string[]) => {
  return (spec: JsonObject) => types.includes(textAt(spec, 'type'));
};
const hasAddress = isOfType('ClusterIP', 'NodePort', 'LoadBalancer');
const hasNodePorts = isOfType('NodePort', 'LoadBalancer');
const isBalanced = isOfType('LoadBalancer');

/** From outside of the cluster. */
export function isReachable(spec: JsonObject): boolean {
  return hasNodePorts(spec) || (textAt(spec, 'type') === 'ClusterIP' && textsAt(spec, 'externalIPs').length > 0);
}

const dropped: readonly Dropped[] = [
  { fields: ['clusterIP', 'clusterIPs'], has: hasAddress },
  { fields: ['ipFamilies'], has: hasAddress },
  { fields: ['ipFamilyPolicy'], has: hasAddress },
  { fields: ['internalTrafficPolicy'], has: hasAddress },
  { fields: ['allocateLoadBalancerNodePorts'], has: isBalanced },
  { fields: ['loadBalancerClass'], has: isBalanced },
  { fields: ['externalTrafficPolicy'], has: isReachable },
  {
    fields: ['healthCheckNodePort'],
    has: (spec) => isBalanced(spec) && spec['externalTrafficPolicy'] === 'Local',
  },
];

/** Drops what only the old type has, where it is as it was: what was changed as well is for validation to refuse. */
export function dropOfOldType(service: JsonObject, old: JsonObject): void {
  const spec = mapAt(service, 'spec');
  const before = structuredClone(mapAt(old, 'spec'));
  const after = structuredClone(spec);
  const isSame = (field: string) => JSON.stringify(spec[field]) === JSON.stringify(before[field]);
  for (const { fields, has } of dropped) {
    if (has(before) && !has(after) && fields.every(isSame)) for (const field of fields) delete spec[field];
  }
  const nodePorts = (each: JsonObject) => JSON.stringify(listAt(each, 'ports').map((port) => port['nodePort']));
  if (hasNodePorts(before) && !hasNodePorts(after) && nodePorts(before) === nodePorts(after)) {
    for (const port of listAt(spec, 'ports')) delete port['nodePort'];
  }
  if (!isBalanced(after)) service['status'] = { ...mapAt(service, 'status'), loadBalancer: {} };
}
