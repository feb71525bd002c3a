// A pod's status from the states of its containers, as kubelet derives it. Pure.

import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '../pod-types.ts';

export interface PodObservation {
  readonly hostIP: string;
  readonly podIP?: string;
  readonly startTime: string;
  readonly containers: readonly ContainerStatus[];
  readonly initContainers: readonly ContainerStatus[];
  readonly ephemeralContainers: readonly ContainerStatus[];
  /** The pod was told to end and all of it has. */
  readonly hasStopped: boolean;
  readonly isSandboxReady: boolean;
  /** The pod as a whole failed, such as DeadlineExceeded or Evicted. */
  readonly failure?: { readonly reason: string; readonly message: string };
}

export function podStatus(pod: Pod, seen: PodObservation, now: string): PodStatus {
  const phase = phaseOf(pod, seen);
  const before = pod.status?.conditions ?? [];
  const isEnded = phase === 'Succeeded' || phase === 'Failed';
  const unready = seen.containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const uninitialized = seen.initContainers.filter((each) => !isInitDone(pod, each)).map(({ name }) => name);
  const completed =
    phase === 'Succeeded' ? { reason: 'PodCompleted' } : phase === 'Failed' ? { reason: 'PodFailed' } : {};
  const unreadyWhy = isEnded
    ? completed
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const isReady = !isEnded && unready.length === 0;
  const conditions = [
    condition(before, 'PodReadyToStartContainers', seen.isSandboxReady && !isEnded, {}, now),
    condition(
      before,
      'Initialized',
      uninitialized.length === 0 || phase === 'Succeeded',
      uninitialized.length === 0
        ? phase === 'Succeeded'
          ? completed
          : {}
        : {
            reason: 'ContainersNotInitialized',
            message: `containers with incomplete status: [${uninitialized.join(' ')}]`,
          },
      now,
    ),
    condition(before, 'Ready', isReady, isReady ? {} : unreadyWhy, now),
    condition(before, 'ContainersReady', isReady, isReady ? {} : unreadyWhy, now),
  ];
  const kept = before.filter(({ type }) => !conditions.some((each) => each.type === type));
  const scheduled = kept.some(({ type }) => type === 'PodScheduled')
    ? kept
    : [...kept, condition(before, 'PodScheduled', true, {}, now)];
  return {
    phase,
    conditions: [...conditions, ...scheduled],
    hostIP: seen.hostIP,
    ...{ hostIPs: [{ ip: seen.hostIP }] },
    ...(seen.podIP ? { podIP: seen.podIP, podIPs: [{ ip: seen.podIP }] } : {}),
    startTime: seen.startTime,
    ...(seen.initContainers.length > 0 ? { initContainerStatuses: [...seen.initContainers] } : {}),
    containerStatuses: [...seen.containers],
    ...(seen.ephemeralContainers.length > 0 ? { ephemeralContainerStatuses: [...seen.ephemeralContainers] } : {}),
    qosClass: qosClass(pod),
    ...(seen.failure ?? {}),
  };
}

function phaseOf(pod: Pod, { containers, initContainers, hasStopped, failure }: PodObservation): PodStatus['phase'] {
  const present = pod.status?.phase;
  if (present === 'Succeeded' || present === 'Failed') return present;
  const { restartPolicy = 'Always' } = pod.spec;
  const exitCodes = containers.map(({ state }) => state.terminated?.exitCode);
  const allSucceeded = exitCodes.length > 0 && exitCodes.every((code) => code === 0);
  if (failure) return 'Failed';
  if (hasStopped) return allSucceeded ? 'Succeeded' : 'Failed';
  const failedInit = initContainers.some(
    ({ state }) => restartPolicy === 'Never' && state.terminated !== undefined && state.terminated.exitCode !== 0,
  );
  if (failedInit) return 'Failed';
  if (containers.some(({ state }) => state.running)) return 'Running';
  if (exitCodes.every((code) => code !== undefined)) {
    // A sidecar ends after the containers it serves, and the pod after it (KEP-753).
    const isAided = initContainers.some((each) => each.state.running && isSidecar(pod, each));
    if (restartPolicy === 'Always' || isAided) return 'Running';
    if (allSucceeded) return 'Succeeded';
    return restartPolicy === 'Never' ? 'Failed' : 'Running';
  }
  return containers.some(({ lastState, state }) => lastState.terminated || state.terminated) ? 'Running' : 'Pending';
}

function isInitDone(pod: Pod, status: ContainerStatus): boolean {
  return isSidecar(pod, status) ? status.started === true : status.state.terminated?.exitCode === 0;
}

function isSidecar(pod: Pod, { name }: ContainerStatus): boolean {
  return pod.spec.initContainers?.find((each) => each.name === name)?.restartPolicy === 'Always';
}

function condition(
  before: readonly PodCondition[],
  type: string,
  isTrue: boolean,
  why: { reason?: string; message?: string },
  now: string,
): PodCondition {
  const status = isTrue ? 'True' : 'False';
  const known = before.find((each) => each.type === type);
  const lastTransitionTime = known?.status === status ? (known.lastTransitionTime ?? now) : now;
  return { type, status, lastProbeTime: null, lastTransitionTime, ...why };
}

/** Guaranteed, Burstable or BestEffort, from the requests and limits of the containers. */
export function qosClass(pod: Pod): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const amounts = (container: Container) => [container.resources?.requests ?? {}, container.resources?.limits ?? {}];
  if (all.every((container) => amounts(container).every((each) => !each['cpu'] && !each['memory'])))
    return 'BestEffort';
  const isGuaranteed = all.every((container) => {
    const [requests, limits] = amounts(container) as [Record<string, string>, Record<string, string>];
    return (['cpu', 'memory'] as const).every(
      (name) => limits[name] && (requests[name] ?? limits[name]) === limits[name],
    );
  });
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
