/** The status of a MiniCluster: everything in it follows from what was observed and from what it said before. */
import { Idset } from '@ebb/flux-formats';
import { type MiniClusterStatus, scaleSelector, specHash, specHashAnnotation } from '@ebb/minicluster';
import { conditionOf, conditionsFrom, type Fact, isTrue } from './conditions.ts';
import type { Outcome } from './outcome.ts';
import type { Observed, ResizeState } from './plan.ts';

export function statusOf(observed: Observed, outcome: Outcome, resize: ResizeState): MiniClusterStatus {
  const { cluster, resolved, registration, job, flux, pods, now } = observed;
  const before = cluster.status;
  // A denial is told in one breath with putting the size back, which is the next generation.
  const generation = resolved.generation + (resize.kind === 'denied' ? 1 : 0);
  const size = (job['spec'] as { parallelism: number }).parallelism;
  const ready = pods.filter((pod) => pod.isReady && !pod.isDeleting && pod.index < size).length;
  // While a lowered maximum waits for jobs, there are more ranks than it says.
  const registered = Idset.range(0, Math.max(registration.maximum, size) - 1);
  const arePodsSettled = ready === size && pods.every((pod) => pod.index < size || pod.ended !== undefined);
  // An operator that has just started has not asked Flux yet: what was said before it still holds.
  const isStillSo = !flux && observed.awaitsFlux && arePodsSettled && isTrue(before?.conditions, 'Ready');
  const online = flux?.online.intersect(registered) ?? (isStillSo ? toldOnline(before) : undefined);
  const isSettled = online
    ? online.equals(Idset.range(0, size - 1))
    : // Where Flux does not say it.
      arePodsSettled && (!observed.awaitsFlux || isTrue(before?.conditions, 'Ready'));
  const last = outcome.isFinished ? before?.lastResize : lastResizeOf(observed, size, resize);
  const wasResizing = isTrue(before?.conditions, 'Resizing');
  const hasMoved = before !== undefined && before.size !== 0 && before.size !== size;
  const isWaiting = resize.kind === 'waiting-for-flux' || resize.kind === 'waiting-for-jobs';
  const isResizing =
    !outcome.isFinished && !resolved.scaling.suspend && (isWaiting || ((hasMoved || wasResizing) && !isSettled));
  const isReady = !outcome.isFinished && !resolved.scaling.suspend && isSettled;
  const toldReady = conditionOf(before?.conditions, 'Ready');
  const wasReady = toldReady?.status === 'True' || toldReady?.reason === 'BrokersLost';
  const isDegraded = wasReady && !isReady && !isResizing && !outcome.isFinished && !resolved.scaling.suspend;
  const up = online?.size;
  const asPods = `${ready} of ${size} pods run${observed.awaitsFlux ? '; Flux has not answered yet' : ''}`;
  const brokers = up === undefined ? asPods : `${up} of ${size} brokers are online`;
  const waiting = pods.find((pod) => pod.waiting && !pod.isDeleting)?.waiting;
  const kept = keepsTasks(resolved, outcome) ? `; the program keeps the tasks it was submitted with` : '';
  const isOutdated =
    job.metadata.annotations?.[specHashAnnotation] !== undefined &&
    job.metadata.annotations[specHashAnnotation] !== specHash(resolved);
  const facts: Fact[] = [
    isReady
      ? { type: 'Ready', status: 'True', reason: 'BrokersOnline', message: `${brokers}` }
      : {
          type: 'Ready',
          status: 'False',
          reason: readyReason(outcome, resolved.scaling.suspend, isResizing, isDegraded),
          message: outcome.message || (waiting ? `${brokers}; ${waiting}` : brokers),
        },
    {
      type: 'Progressing',
      status: !isReady && !outcome.isFinished && !resolved.scaling.suspend ? 'True' : 'False',
      reason: outcome.isFinished
        ? 'Finished'
        : isReady
          ? 'Settled'
          : isResizing
            ? 'Resizing'
            : resolved.scaling.suspend
              ? 'Suspended'
              : 'Starting',
      message: waiting ? `${brokers}; ${waiting}` : brokers,
    },
    isResizing
      ? {
          type: 'Resizing',
          status: 'True',
          reason: resizeReason(resize),
          message: (resize.message || `${brokers}`) + kept,
        }
      : {
          type: 'Resizing',
          status: 'False',
          reason: last ? 'Completed' : 'None',
          message: last ? `size is ${size}${kept}` : 'no resize has been asked for',
        },
    isDegraded
      ? {
          type: 'Degraded',
          status: 'True',
          reason: flux ? 'BrokersLost' : 'PodsLost',
          message: waiting ? `${brokers}; ${waiting}` : brokers,
        }
      : { type: 'Degraded', status: 'False', reason: 'AsExpected', message: '' },
    outcome.isFinished
      ? { type: 'Finished', status: 'True', reason: outcome.state, message: outcome.message }
      : { type: 'Finished', status: 'False', reason: 'Running', message: '' },
    deniedFact(observed, resize, hasMoved),
    resolved.scaling.suspend
      ? { type: 'Suspended', status: 'True', reason: 'Asked', message: 'spec.scaling.suspend is true' }
      : { type: 'Suspended', status: 'False', reason: 'NotAsked', message: '' },
    isOutdated
      ? {
          type: 'Outdated',
          status: 'True',
          reason: 'TemplateChanged',
          message: `the spec has changed in a way that running pods cannot follow: delete Job ${resolved.name} to start anew with it`,
        }
      : { type: 'Outdated', status: 'False', reason: 'UpToDate', message: '' },
    {
      type: 'JobMiniClusterReady',
      status: isReady ? 'True' : 'False',
      reason: 'JobMiniClusterReady',
      message: 'as Ready, for clients of the upstream operator',
    },
    {
      type: 'JobFinished',
      status: outcome.isFinished ? 'True' : 'False',
      reason: 'JobFinished',
      message: 'as Finished, for clients of the upstream operator',
    },
  ];
  const drain = resize.kind === 'waiting-for-jobs' && size > resolved.size;
  return {
    size,
    selector: scaleSelector(resolved.name),
    jobid: flux?.firstJob && resolved.mode !== 'interactive' ? before?.jobid || flux.firstJob : (before?.jobid ?? ''),
    maximumSize: registration.maximum,
    capacity: registration.capacity,
    ready,
    phase: phaseOf(outcome, resolved.scaling.suspend, isResizing, isReady, isDegraded),
    observedGeneration: generation,
    conditions: conditionsFrom(before?.conditions, facts, generation, now),
    ...(online
      ? {
          ranks: {
            up: online.size,
            down: registered.size - online.size,
            online: online.toString(),
            offline: registered.subtract(online).toString(),
          },
        }
      : { ranks: { up: 0, down: registered.size } }),
    ...(flux && online
      ? {
          nodes: {
            free: online.subtract(flux.allocated).subtract(Idset.of(flux.drained.keys())).size,
            allocated: flux.allocated.size,
            drained: Idset.of(flux.drained.keys()).intersect(registered).size,
            ...(resolved.scaling.autoscale ? { pending: flux.pendingNodes } : {}),
          },
        }
      : isStillSo && before?.nodes
        ? { nodes: before.nodes }
        : {}),
    ...(last ? { lastResize: last } : {}),
    ...(resolved.mode === 'interactive' && !outcome.isFinished ? {} : { program: programOf(observed, outcome) }),
    ...(drain
      ? {
          drain: {
            ranks: Idset.range(resolved.size, size - 1).toString(),
            since: before?.drain?.since ?? new Date(observed.drainingSince ?? now).toISOString(),
          },
        }
      : {}),
  };
}

function toldOnline(before: MiniClusterStatus | undefined): Idset | undefined {
  return before?.ranks?.online === undefined ? undefined : Idset.parse(before.ranks.online);
}

function keepsTasks({ mode }: Observed['resolved'], outcome: Outcome): boolean {
  return mode !== 'interactive' && !outcome.isFinished;
}

function resizeReason(resize: ResizeState): string {
  return {
    'waiting-for-flux': 'FluxUnreachable',
    'waiting-for-jobs': 'Draining',
    settling: 'Settling',
    none: 'Settling',
    denied: 'Settling',
  }[resize.kind];
}

function readyReason(outcome: Outcome, isSuspended: boolean, isResizing: boolean, isDegraded: boolean): string {
  if (outcome.isFinished) return outcome.state;
  if (isSuspended) return 'Suspended';
  if (isResizing) return 'Resizing';
  return isDegraded ? 'BrokersLost' : 'Starting';
}

function phaseOf(
  outcome: Outcome,
  isSuspended: boolean,
  isResizing: boolean,
  isReady: boolean,
  isDegraded: boolean,
): string {
  if (outcome.isFinished) return outcome.state;
  if (isSuspended) return 'Suspended';
  if (isResizing) return 'Resizing';
  if (isReady) return 'Running';
  return isDegraded ? 'Degraded' : 'Pending';
}

/** A denial stays to be read until a resize is accepted. */
function deniedFact({ cluster }: Observed, resize: ResizeState, hasMoved: boolean): Fact {
  if (resize.denied)
    return { type: 'ResizeDenied', status: 'True', reason: resize.denied.reason, message: resize.message };
  const before = conditionOf(cluster.status?.conditions, 'ResizeDenied');
  if (
    before?.status === 'True' &&
    !hasMoved &&
    resize.kind !== 'waiting-for-jobs' &&
    resize.kind !== 'waiting-for-flux'
  ) {
    return { type: 'ResizeDenied', status: 'True', reason: before.reason, message: before.message };
  }
  return { type: 'ResizeDenied', status: 'False', reason: 'NoDenial', message: '' };
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
    if (known?.decision === 'Denied' && known.to === resize.denied.to && known.from === resize.denied.from)
      return known;
    return { from: resize.denied.from, to: resize.denied.to, decision: 'Denied', message: resize.message, time };
  }
  if (before && before.size !== 0 && before.size !== size) {
    const message =
      resolved.mode === 'interactive'
        ? `ranks ${Math.min(before.size, size)} to ${Math.max(before.size, size) - 1} ${size > before.size ? 'come' : 'go'}`
        : 'the program keeps the tasks it was submitted with; new jobs see the new size';
    return { from: before.size, to: size, decision: 'Accepted', message, time };
  }
  return known;
}

function programOf({ resolved, registration, cluster }: Observed, outcome: Outcome): MiniClusterStatus['program'] {
  const nodes = registration.firstSize;
  const finishedAt = outcome.finishedAt ?? cluster.status?.program?.finishedAt;
  return {
    state: outcome.state,
    ...(outcome.exitCode !== undefined && outcome.isFinished ? { exitCode: outcome.exitCode } : {}),
    ...(resolved.mode === 'submit' || resolved.mode === 'batch'
      ? {
          tasks: resolved.tasks || nodes,
          nodes: resolved.tasks === 0 || resolved.tasks >= nodes ? nodes : Math.min(nodes, resolved.tasks),
        }
      : {}),
    ...(outcome.isFinished && finishedAt ? { finishedAt } : {}),
  };
}
