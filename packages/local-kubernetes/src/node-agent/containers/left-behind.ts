// Containers of an agent that has gone. Pure.

import type { Container, ContainerStatus } from '../pod-types.ts';

/** What a container was before this agent: one that ran has ended with the agent that ran it. */
export function leftBehind(container: Container, before: readonly ContainerStatus[]): ContainerStatus | undefined {
  const known = before.find(({ name }) => name === container.name);
  if (!known || known.state.waiting) return known && known.restartCount > 0 ? structuredClone(known) : undefined;
  const status = structuredClone(known);
  if (status.state.running) {
    const { startedAt } = status.state.running;
    status.state = {
      terminated: {
        exitCode: 137,
        reason: 'ContainerStatusUnknown',
        message: 'The container could not be located when the pod was terminated',
        startedAt,
        finishedAt: startedAt,
        ...(status.containerID ? { containerID: status.containerID } : {}),
      },
    };
    status.ready = false;
  }
  status.lastState ??= {};
  return status;
}
