// A pod's status from the states of its containers, as kubelet derives it. Pure.

import { isSidecar, runsAgain } from '../containers/restart-policy.ts';
import type { Container, ContainerState, ContainerStatus, Pod, PodCondition, PodStatus } from '../pod-types.ts';

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

/** Bytes of the messages that all containers of a pod leave together, each a like part. */
const mostLastWords = 12 * 1024;

export function podStatus(pod: Pod, seen: PodObservation, now: string): PodStatus {
  const phase = phaseOf(pod, seen);
  const before = pod.status?.conditions ?? [];
  const isEnded = phase === 'Succeeded' || phase === 'Failed';
  const sidecars = seen.initContainers.filter((each) => isSidecar(pod, each.name));
  const unready = [...sidecars, ...seen.containers].filter(({ ready }) => !ready).map(({ name }) => name);
  // One whose containers have run was initialized, whatever has become of its sidecars.
  const uninitialized = haveRun(seen.containers)
    ? []
    : seen.initContainers.filter((each) => !isInitDone(pod, each)).map(({ name }) => name);
  const completed =
    phase === 'Succeeded' ? { reason: 'PodCompleted' } : phase === 'Failed' ? { reason: 'PodFailed' } : {};
  const unreadyWhy = isEnded
    ? completed
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const isReady = !isEnded && unready.length === 0;
  const gated = closedGates(pod, before);
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
    condition(before, 'Ready', isReady && !gated, isReady ? (gated ?? {}) : unreadyWhy, now),
    condition(before, 'ContainersReady', isReady, isReady ? {} : unreadyWhy, now),
  ];
  const kept = before.filter(({ type }) => !conditions.some((each) => each.type === type));
  const scheduled = kept.some(({ type }) => type === 'PodScheduled')
    ? kept
    : [...kept, condition(before, 'PodScheduled', true, {}, now)];
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const share = Math.floor(mostLastWords / (containers.length + initContainers.length + ephemeralContainers.length));
  const brief = (status: ContainerStatus) => withBriefMessages(status, share);
  return {
    phase,
    conditions: [...conditions, ...scheduled],
    hostIP: seen.hostIP,
    ...{ hostIPs: [{ ip: seen.hostIP }] },
    ...(seen.podIP ? { podIP: seen.podIP, podIPs: [{ ip: seen.podIP }] } : {}),
    startTime: seen.startTime,
    ...(seen.initContainers.length > 0 ? { initContainerStatuses: seen.initContainers.map(brief) } : {}),
    containerStatuses: seen.containers.map(brief),
    ...(seen.ephemeralContainers.length > 0 ? { ephemeralContainerStatuses: seen.ephemeralContainers.map(brief) } : {}),
    qosClass: qosClass(pod),
    ...(phase === 'Failed' ? seen.failure : {}),
  };
}

/** Why a pod whose containers are ready is not: what others have to say of it is not said (KEP-580). */
function closedGates(
  { spec }: Pod,
  conditions: readonly PodCondition[],
): { reason: string; message: string } | undefined {
  const messages = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = conditions.find(({ type }) => type === conditionType);
    if (!found) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (found.status === 'True') return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`];
  });
  return messages.length > 0 ? { reason: 'ReadinessGatesNotReady', message: messages.join(', ') } : undefined;
}

function phaseOf(pod: Pod, seen: PodObservation): NonNullable<PodStatus['phase']> {
  const { containers, initContainers, hasStopped, failure } = seen;
  const present = pod.status?.phase;
  if (present === 'Succeeded' || present === 'Failed') return present;
  const all = [...initContainers, ...containers];
  // No pod has ended of which a container still runs: others wait for what it holds.
  if (failure) return all.some(({ state }) => state.running) ? (present ?? 'Pending') : 'Failed';
  const declared = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  /** Ended with this code, and not to run again. */
  const isOver = (status: ContainerStatus): boolean => {
    const exitCode = (status.state.terminated ?? status.lastState.terminated)?.exitCode;
    const container = declared.find(({ name }) => name === status.name);
    return exitCode !== undefined && container !== undefined && !runsAgain(pod, container, exitCode);
  };
  const codes = containers.map(({ state }) => state.terminated?.exitCode);
  const allSucceeded = codes.length > 0 && codes.every((code) => code === 0);
  if (hasStopped) return allSucceeded ? 'Succeeded' : 'Failed';
  const sidecars = initContainers.filter((each) => isSidecar(pod, each.name));
  const others = initContainers.filter((each) => !isSidecar(pod, each.name));
  if (others.some((each) => (each.state.terminated?.exitCode ?? 0) !== 0 && isOver(each))) return 'Failed';
  const hasRun = haveRun(containers);
  const isNew = ({ state, lastState }: ContainerStatus): boolean => Boolean(state.waiting) && !lastState.terminated;
  const isPending =
    others.some((each) => each.state.running || isNew(each)) ||
    [...sidecars, ...containers].some(isNew) ||
    (!hasRun && sidecars.some(({ state, started }) => state.running && !started));
  if (isPending) return 'Pending';
  // A sidecar ends after the containers it serves, and the pod after it (KEP-753).
  if ([...sidecars, ...containers].some(({ state }) => state.running)) return 'Running';
  if (!containers.every(isOver)) return 'Running';
  return allSucceeded ? 'Succeeded' : 'Failed';
}

function withBriefMessages(status: ContainerStatus, most: number): ContainerStatus {
  const cut = ({ terminated, ...state }: ContainerState): ContainerState => {
    const message = terminated?.message && Buffer.from(terminated.message).subarray(0, most).toString();
    return terminated ? { ...state, terminated: { ...terminated, ...(message ? { message } : {}) } } : state;
  };
  return { ...status, state: cut(status.state), lastState: cut(status.lastState) };
}

function haveRun(containers: readonly ContainerStatus[]): boolean {
  return containers.some(({ state, lastState }) => !state.waiting || lastState.terminated);
}

function isInitDone(pod: Pod, status: ContainerStatus): boolean {
  return isSidecar(pod, status.name) ? status.started === true : status.state.terminated?.exitCode === 0;
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
