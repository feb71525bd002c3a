// What the resources of a container, or of a whole pod, mean as limits of its control group, as kubelet counts them. Pure.

import { parseQuantity } from '../../schema/quantity.ts';
import { type Limits, leastShares, quotaPeriod } from '../host/cgroup.ts';
import type { Container } from '../pod-types.ts';

const leastQuota = 1000;

/** @param most of the pod as a whole, for a container: what has no limit of its own has this */
export function limitsOf(
  { resources }: Pick<Container, 'resources'>,
  most: Readonly<Record<string, string>> = {},
): Limits {
  const amount = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Number(parseQuantity(text).nanos) / 1e9;
  const memory = amount(resources?.limits?.['memory'] ?? most['memory']);
  const processors = amount(resources?.limits?.['cpu'] ?? most['cpu']);
  const asked = amount(resources?.requests?.['cpu'] ?? resources?.limits?.['cpu']) ?? 0;
  return {
    ...(memory ? { memoryBytes: Math.ceil(memory) } : {}),
    ...(processors ? { quota: Math.max(leastQuota, Math.round(processors * quotaPeriod)) } : {}),
    shares: Math.max(leastShares, Math.round(asked * 1024)),
  };
}
