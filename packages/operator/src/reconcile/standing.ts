/** How a MiniCluster stands: what was observed, and what was said before, in the few terms that its status speaks of. */
import { Idset } from '@ebb/flux-formats';
import { type MiniClusterStatus, specHash, specHashAnnotation } from '@ebb/minicluster';
import { conditionOf, isTrue } from './conditions.ts';
import type { Observed } from './observed.ts';
import type { Outcome } from './outcome.ts';
import type { ResizeState } from './plan-resize.ts';
import { troubledPod } from './pod-view.ts';
import { ranksInWords } from './ranks-in-words.ts';

export interface Standing {
  outcome: Outcome;
  resize: ResizeState;
  /** Pods that the Job is to have. */
  size: number;
  /** Pods that are ready, or whose broker is online. */
  ready: number;
  /** Ranks that Flux lists. */
  registered: Idset;
  /** Ranks whose broker is online; undefined where Flux does not say it. */
  online: Idset | undefined;
  /** The operator has just started and not asked Flux yet: what was said before still holds. */
  isStillSo: boolean;
  isSuspended: boolean;
  isReady: boolean;
  isResizing: boolean;
  /** The program has ended and takes the brokers with it, the workers first. */
  isEnding: boolean;
  isDegraded: boolean;
  /** The size is another than the status said last. */
  hasMoved: boolean;
  /** The spec has changed in a way that the pods cannot follow. */
  isOutdated: boolean;
  /** A program runs that keeps its tasks whatever the size does. */
  keepsTasks: boolean;
  /** `3 of 4 brokers are online`. */
  brokers: string;
  /** Why a pod does not run. */
  waiting: string | undefined;
  lastResize: MiniClusterStatus['lastResize'];
}

export function standingOf(observed: Observed, outcome: Outcome, resize: ResizeState): Standing {
  const { cluster, resolved, registration, job, flux, pods } = observed;
  const before = cluster.status;
  const size = (job['spec'] as { parallelism: number }).parallelism;
  const wanted = pods.filter((pod) => !pod.isDeleting && pod.index < size);
  const readyPods = wanted.filter((pod) => pod.isReady).length;
  // While a lowered maximum waits for jobs, there are more ranks than it says.
  const registered = Idset.range(0, Math.max(registration.maximum, size) - 1);
  const arePodsSettled = readyPods === size && pods.every((pod) => pod.index < size || pod.ended !== undefined);
  const isStillSo = !flux && observed.awaitsFlux && arePodsSettled && isTrue(before?.conditions, 'Ready');
  const online = flux?.online.intersect(registered) ?? (isStillSo ? toldOnline(before) : undefined);
  // A broker speaks before the kubelet has told that its container runs: no status is owed for that word.
  const speaking = wanted.filter((pod) => !pod.isReady && !pod.ended && online?.has(pod.index)).length;
  const ready = readyPods + speaking;
  const isSettled = online
    ? online.equals(Idset.range(0, size - 1))
    : // Where Flux does not say it.
      arePodsSettled && (!observed.awaitsFlux || isTrue(before?.conditions, 'Ready'));
  const isSuspended = resolved.scaling.suspend;
  const isActive = !outcome.isFinished && !isSuspended;
  const hasMoved = before !== undefined && before.size !== 0 && before.size !== size;
  const isWaiting = resize.kind === 'waiting-for-flux' || resize.kind === 'waiting-for-jobs';
  const isResizing = isActive && (isWaiting || ((hasMoved || isTrue(before?.conditions, 'Resizing')) && !isSettled));
  const isReady = isActive && isSettled;
  const toldReady = conditionOf(before?.conditions, 'Ready');
  const wasReady = toldReady?.status === 'True' || toldReady?.reason === 'BrokersLost';
  // A worker ends well only when the instance has ended, unless it was told to in any case.
  const isEnding =
    isActive &&
    resolved.mode !== 'interactive' &&
    !resolved.flux.completeWorkers &&
    pods.some((pod) => pod.index > 0 && !pod.isDeleting && pod.ended?.exitCode === 0);
  const hash = job.metadata.annotations?.[specHashAnnotation];
  return {
    outcome,
    resize,
    size,
    ready,
    registered,
    online,
    isStillSo,
    isSuspended,
    isReady,
    isResizing,
    isEnding,
    isDegraded: isActive && wasReady && !isReady && !isResizing && !isEnding,
    hasMoved,
    isOutdated: hash !== undefined && hash !== specHash(resolved),
    keepsTasks: resolved.mode !== 'interactive' && !outcome.isFinished,
    brokers: online
      ? `${online.size} of ${size} brokers are online`
      : `${ready} of ${size} pods run${aboutFlux(observed, isActive && ready > 0)}`,
    waiting: troubledPod(pods)?.waiting,
    lastResize: outcome.isFinished ? before?.lastResize : lastResizeOf(observed, size, resize),
  };
}

function aboutFlux({ awaitsFlux }: Observed, shouldAnswer: boolean): string {
  if (awaitsFlux) return '; Flux has not answered yet';
  return shouldAnswer ? '; Flux cannot be asked' : '';
}

function toldOnline(before: MiniClusterStatus | undefined): Idset | undefined {
  return before?.ranks?.online === undefined ? undefined : Idset.parse(before.ranks.online);
}

function lastResizeOf(
  { cluster, resolved, now }: Observed,
  size: number,
  resize: ResizeState,
): MiniClusterStatus['lastResize'] {
  const before = cluster.status;
  const known = before?.lastResize;
  const time = new Date(now).toISOString();
  if (resize.denied) {
    const { from, to } = resize.denied;
    if (known?.decision === 'Denied' && known.to === to && known.from === from) return known;
    return { from, to, decision: 'Denied', message: resize.message, time };
  }
  if (before && before.size !== 0 && before.size !== size) {
    const message =
      resolved.mode === 'interactive'
        ? movedRanks(before.size, size)
        : 'the program keeps the tasks it was submitted with; new jobs see the new size';
    return { from: before.size, to: size, decision: 'Accepted', message, time };
  }
  return known;
}

/** `rank 3 goes`, `ranks 2-3 come`. */
function movedRanks(from: number, to: number): string {
  const ranks = Idset.range(Math.min(from, to), Math.max(from, to) - 1);
  const verb = to > from ? 'come' : 'go';
  const inflected = ranks.size > 1 ? verb : verb === 'come' ? 'comes' : 'goes';
  return `${ranksInWords(ranks)} ${inflected}`;
}
