/** The class of a pod by its requests and limits: who is killed first when memory runs out. */
import { listAt, mapAt } from '../../kinds/columns/read.ts';
import { compareQuantities, readQuantity } from '../../schema/quantity.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';

const counted = ['cpu', 'memory'] as const;

export function qualityOfService(spec: JsonObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  // What is said for the pod as a whole counts alone (KEP-2837).
  const containers = isObject(spec['resources'])
    ? [{ resources: spec['resources'] }]
    : [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')];
  let isAnySet = false;
  let isGuaranteed = containers.length > 0;
  for (const container of containers) {
    const requests = mapAt(container, 'resources.requests');
    const limits = mapAt(container, 'resources.limits');
    for (const name of counted) {
      const request = amount(requests[name]);
      const limit = amount(limits[name]);
      if (request !== undefined || limit !== undefined) isAnySet = true;
      if (limit === undefined || request === undefined || compareQuantities(limit, request) !== 0) isGuaranteed = false;
    }
  }
  if (!isAnySet) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function amount(value: unknown) {
  const quantity = value === undefined ? undefined : readQuantity(String(value));
  return quantity === undefined || typeof quantity === 'string' || quantity.nanos === 0n ? undefined : quantity;
}
