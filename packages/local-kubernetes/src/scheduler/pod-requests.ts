// What a pod asks of a node (KEP-753, KEP-2837): its containers and sidecars together, or more while it begins: an init
// container beside the sidecars before it; and its overhead. Pure.

import type { Pod } from '../node-agent/pod-types.ts';
import { parseQuantity } from '../schema/quantity.ts';

type Amounts = Map<string, bigint>;

/** By resource, in billionths. */
export function requestsOf({ spec }: Pod): Amounts {
  const sidecars: Amounts = new Map();
  const peak: Amounts = new Map();
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const own = amountsOf(resources?.requests);
    if (restartPolicy === 'Always') add(sidecars, own);
    raise(peak, restartPolicy === 'Always' ? sidecars : sum(sidecars, own));
  }
  const all: Amounts = new Map(sidecars);
  for (const { resources } of spec.containers) add(all, amountsOf(resources?.requests));
  raise(all, peak);
  // What is asked for the pod as a whole stands over what its containers ask for.
  for (const [name, amount] of amountsOf(spec.resources?.requests)) all.set(name, amount);
  add(all, amountsOf(spec.overhead));
  return all;
}

const amountsOf = (requests: Readonly<Record<string, string>> = {}): Amounts =>
  new Map(Object.entries(requests).map(([name, text]) => [name, parseQuantity(text).nanos]));

function add(to: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) to.set(name, (to.get(name) ?? 0n) + amount);
}

function sum(one: Amounts, other: Amounts): Amounts {
  const both = new Map(one);
  add(both, other);
  return both;
}

function raise(to: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) if (amount > (to.get(name) ?? 0n)) to.set(name, amount);
}
