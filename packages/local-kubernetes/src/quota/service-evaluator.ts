/** What Services take of a quota: themselves, the balancers they ask for, and ports of nodes. */
import { at, listAt, textAt } from '../kinds/columns/read.ts';
import { count } from '../schema/amounts.ts';
import type { JsonObject } from '../schema/schema.ts';
import { countName, type Evaluator } from './evaluator.ts';
import { noScope } from './scopes.ts';

const services = countName({ group: '', plural: 'services' });
const named = new Set([services, 'services', 'services.nodeports', 'services.loadbalancers']);

export const serviceEvaluator: Evaluator = {
  // The type of a Service may change.
  handles: ({ operation, subresource }) => operation !== 'DELETE' && !subresource,
  counts: (resource) => named.has(resource),
  isInScope: noScope,
  usage: (service) =>
    new Map([
      [services, count(1)],
      ['services', count(1)],
      ['services.loadbalancers', count(textAt(service, 'spec.type') === 'LoadBalancer' ? 1 : 0)],
      ['services.nodeports', count(nodePorts(service))],
    ]),
  isChanged: (old, service) => typeThatCounts(old) !== typeThatCounts(service),
};

function typeThatCounts(service: JsonObject): string {
  const type = textAt(service, 'spec.type');
  return type === 'NodePort' || type === 'LoadBalancer' ? type : '';
}

function nodePorts(service: JsonObject): number {
  const type = typeThatCounts(service);
  const ports = listAt(service, 'spec.ports');
  if (type === '') return 0;
  const isSparing = type === 'LoadBalancer' && at(service, 'spec.allocateLoadBalancerNodePorts') === false;
  return isSparing ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
}
