/**
 * What the containers of a pod ask for together, or what they may use (KEP-753): containers and sidecars side by side,
 * or more while the pod begins, an init container beside the sidecars before it. What is said for the pod as a whole
 * (KEP-2837) stands over it.
 */

import { type Amounts, add, amountsOf, larger, only } from '../schema/amounts.ts';
import type { JsonObject } from '../schema/schema.ts';
import { listAt, mapAt } from './columns/read.ts';
import { isHugePages } from './native-resources.ts';

export type Side = 'requests' | 'limits';

const nothing: Amounts = new Map();

/** Of all containers, whatever is said for the pod as a whole. */
export function containerAmounts(spec: JsonObject, side: Side): Amounts {
  let sidecars = nothing;
  let peak = nothing;
  for (const container of listAt(spec, 'initContainers')) {
    const own = amountsOf(mapAt(container, `resources.${side}`));
    const isSidecar = container['restartPolicy'] === 'Always';
    if (isSidecar) sidecars = add(sidecars, own);
    peak = larger(peak, isSidecar ? sidecars : add(own, sidecars));
  }
  let all = nothing;
  for (const container of listAt(spec, 'containers')) all = add(all, amountsOf(mapAt(container, `resources.${side}`)));
  return larger(add(all, sidecars), peak);
}

const isOfPods = (name: string) => name === 'cpu' || name === 'memory';

/** Without what its runtime costs, as limit ranges see it; of the pod as a whole they know no pages. */
export function podAmounts(spec: JsonObject, side: Side): Amounts {
  const whole = only(amountsOf(mapAt(spec, `resources.${side}`)), { has: isOfPods });
  return new Map([...containerAmounts(spec, side), ...whole]);
}

/** What may be said of a pod as a whole. */
export const isPodResource = (name: string) => isOfPods(name) || isHugePages(name);

/** Whether a pod says what it needs as a whole. */
export function hasPodResources(spec: JsonObject): boolean {
  const names = [...Object.keys(mapAt(spec, 'resources.requests')), ...Object.keys(mapAt(spec, 'resources.limits'))];
  return names.some(isPodResource);
}

/** With what its runtime costs, which limits share only where there are some. */
export function chargedAmounts(spec: JsonObject, side: Side): Amounts {
  const whole = only(amountsOf(mapAt(spec, `resources.${side}`)), { has: isPodResource });
  const all: Amounts = new Map([...containerAmounts(spec, side), ...whole]);
  const overhead = amountsOf(mapAt(spec, 'overhead'));
  return add(
    all,
    side === 'requests' ? overhead : only(overhead, { has: (name) => (all.get(name)?.nanos ?? 0n) > 0n }),
  );
}
