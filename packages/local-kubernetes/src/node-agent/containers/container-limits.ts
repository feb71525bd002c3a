// What a container's resources mean as limits of its control group, as kubelet counts them. Pure.

import { parseQuantity } from '../../schema/quantity.ts';
import { type Limits, leastShares, quotaPeriod } from '../host/cgroup.ts';
import type { Container } from '../pod-types.ts';

const leastQuota = 1000;

export function limitsOf({ resources }: Container): Limits {
  const amount = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Number(parseQuantity(text).nanos) / 1e9;
  const memory = amount(resources?.limits?.['memory']);
  const processors = amount(resources?.limits?.['cpu']);
  const asked = amount(resources?.requests?.['cpu'] ?? resources?.limits?.['cpu']) ?? 0;
  return {
    ...(memory ? { memoryBytes: Math.ceil(memory) } : {}),
    ...(processors ? { quota: Math.max(leastQuota, Math.round(processors * quotaPeriod)) } : {}),
    shares: Math.max(leastShares, Math.round(asked * 1024)),
  };
}
