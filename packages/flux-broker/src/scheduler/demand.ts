// What a jobspec asks of the scheduler.
import { countJobspec, type Jobspec, parseConstraint } from '@ebb/flux-formats';
import type { Demand } from './pool.ts';

/** @throws FormatError for constraints that are none (RFC 31) */
export function demandOf(jobspec: Jobspec): Demand {
  const { nnodes, nslots, slotSize, gpusPerSlot, exclusive } = countJobspec(jobspec);
  const { constraints } = jobspec.attributes.system;
  return {
    nodes: nnodes,
    slots: nslots,
    coresPerSlot: Math.max(slotSize, 1),
    gpusPerSlot,
    isExclusive: exclusive,
    constraint: constraints === undefined ? undefined : parseConstraint(constraints),
  };
}
