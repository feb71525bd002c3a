// How a status is told to the API server: as a strategic merge patch that leaves alone what others say of the pod. Pure.

import type { PodStatus } from '../pod-types.ts';

/** Conditions that an agent says; all others belong to whoever wrote them. */
const ownConditions = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

export function statusPatch(status: PodStatus): object {
  const { conditions = [], podIPs, ...rest } = status;
  return {
    ...rest,
    // Conditions are merged by their type: what one does not say any more has to be taken back.
    conditions: conditions
      .filter(({ type }) => ownConditions.includes(type))
      .map((condition) => ({ reason: null, message: null, ...condition })),
    // Addresses are merged, too; the pod has no other than these.
    ...(podIPs ? { podIPs: [{ $patch: 'replace' }, ...podIPs] } : {}),
  };
}
