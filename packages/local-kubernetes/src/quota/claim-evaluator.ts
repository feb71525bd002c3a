/** What PersistentVolumeClaims take of a quota: themselves and their storage, in all and of their class. */
import { mapAt, textAt } from '../kinds/columns/read.ts';
import { count, one } from '../schema/amounts.ts';
import { compareQuantities, parseQuantity, type Quantity, quantityToInteger } from '../schema/quantity.ts';
import type { JsonObject } from '../schema/schema.ts';
import { countName, type Evaluator } from './evaluator.ts';
import { claimScope } from './scopes.ts';

const claims = countName({ group: '', plural: 'persistentvolumeclaims' });
const named = ['persistentvolumeclaims', 'requests.storage'] as const;
/** Stands between the name of a class and what is counted of it. */
const ofClass = '.storageclass.storage.k8s.io/';
const legacyClass = 'volume.beta.kubernetes.io/storage-class';

export const claimEvaluator: Evaluator = {
  handles: ({ operation, subresource }) => subresource === 'status' || (operation !== 'DELETE' && !subresource),
  counts: (resource) =>
    resource === claims || named.some((name) => resource === name || resource.endsWith(`${ofClass}${name}`)),
  isInScope: claimScope,
  usage(claim) {
    const amounts = new Map([[claims, count(1)]]);
    const kind = classOf(claim);
    for (const [index, amount] of [count(1), storageOf(claim)].entries()) {
      const name = named[index]!;
      if (!amount) continue;
      amounts.set(name, amount);
      if (kind) amounts.set(`${kind}${ofClass}${name}`, amount);
    }
    return amounts;
  },
  isChanged: () => true,
};

function classOf(claim: JsonObject): string {
  const annotation = mapAt(claim, 'metadata.annotations')[legacyClass];
  return typeof annotation === 'string' ? annotation : textAt(claim, 'spec.storageClassName');
}

/** In whole bytes; what has been given already may be more than what is asked for. */
function storageOf(claim: JsonObject): Quantity | undefined {
  const { storage: asked } = mapAt(claim, 'spec.resources.requests');
  const { storage: given } = mapAt(claim, 'status.allocatedResources');
  if (asked === undefined) return undefined;
  const [request, allocated] = [parseQuantity(String(asked)), parseQuantity(String(given ?? 0))];
  const most = compareQuantities(allocated, request) > 0 ? allocated : request;
  return { nanos: quantityToInteger(most) * one.nanos, format: most.format };
}
