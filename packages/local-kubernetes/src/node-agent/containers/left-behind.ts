// Containers of an agent that has gone. Pure.

import type { Container, ContainerStatus, TerminatedState } from '../pod-types.ts';

/** When they began and ended nobody knows. */
const unknown: TerminatedState = {
  exitCode: 137,
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was terminated',
  startedAt: null,
  finishedAt: null,
};

/** What a container was before this agent: one that ran has ended with the agent that ran it. */
export function leftBehind(container: Container, before: readonly ContainerStatus[]): ContainerStatus | undefined {
  const known = before.find(({ name }) => name === container.name);
  if (!known || known.state.waiting) return known && known.restartCount > 0 ? structuredClone(known) : undefined;
  const status = structuredClone(known);
  if (status.state.running) {
    // Its id, other than kubelet does: its log is still here, and is asked for by it.
    const { containerID } = status;
    status.state = { terminated: { ...unknown, ...(containerID ? { containerID } : {}) } };
    status.ready = false;
    status.started = false;
  }
  status.lastState ??= {};
  return status;
}

/** The same when the container is to run again: then the pod goes on, and kubelet words it otherwise. */
export function usedToRun(terminated: TerminatedState): TerminatedState {
  if (terminated.reason !== unknown.reason) return terminated;
  const message = 'The container could not be located when the pod was deleted.  The container used to be Running';
  return { ...terminated, message };
}
