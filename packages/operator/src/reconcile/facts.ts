/** The conditions of a MiniCluster: what each of them says of how it stands. */
import type { MiniClusterStatus } from '@ebb/minicluster';
import { conditionOf, type Fact } from './conditions.ts';
import type { ResizeState } from './plan-resize.ts';
import type { Standing } from './standing.ts';

/** In the order in which the status has them. `before`: what it said last; `job`: the Job's name. */
export function factsOf(standing: Standing, before: MiniClusterStatus | undefined, job: string): Fact[] {
  const { outcome, isReady, isSuspended, isOutdated } = standing;
  return [
    readyFact(standing),
    progressingFact(standing),
    resizingFact(standing),
    degradedFact(standing),
    outcome.isFinished
      ? { type: 'Finished', status: 'True', reason: outcome.state, message: outcome.message }
      : { type: 'Finished', status: 'False', reason: 'Running', message: '' },
    deniedFact(standing, before),
    isSuspended
      ? { type: 'Suspended', status: 'True', reason: 'Asked', message: 'spec.scaling.suspend is true' }
      : { type: 'Suspended', status: 'False', reason: 'NotAsked', message: '' },
    isOutdated
      ? {
          type: 'Outdated',
          status: 'True',
          reason: 'TemplateChanged',
          message: `the spec has changed in a way that running pods cannot follow: delete Job ${job} to start anew with it`,
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
}

/** In one word, for the column STATUS. */
export function phaseOf(standing: Standing): string {
  const { outcome, isSuspended, isResizing, isReady, isEnding, isDegraded } = standing;
  if (outcome.isFinished) return outcome.state;
  if (isSuspended) return 'Suspended';
  if (isResizing) return 'Resizing';
  if (isReady || isEnding) return 'Running';
  return isDegraded ? 'Degraded' : 'Pending';
}

function readyFact(standing: Standing): Fact {
  const { outcome, isReady, isSuspended, isResizing, isEnding, isDegraded, online, brokers } = standing;
  const type = 'Ready';
  if (isReady) return { type, status: 'True', reason: online ? 'BrokersOnline' : 'PodsReady', message: brokers };
  const reason = outcome.isFinished
    ? outcome.state
    : isSuspended
      ? 'Suspended'
      : isResizing
        ? 'Resizing'
        : isEnding
          ? 'Ending'
          : isDegraded
            ? 'BrokersLost'
            : 'Starting';
  return { type, status: 'False', reason, message: outcome.message || brokersAndPods(standing) };
}

function progressingFact(standing: Standing): Fact {
  const { outcome, isReady, isSuspended, isResizing, isEnding } = standing;
  const reason = outcome.isFinished
    ? 'Finished'
    : isReady
      ? 'Settled'
      : isResizing
        ? 'Resizing'
        : isSuspended
          ? 'Suspended'
          : isEnding
            ? 'Ending'
            : 'Starting';
  const isUnderWay = !isReady && !outcome.isFinished && !isSuspended;
  return { type: 'Progressing', status: isUnderWay ? 'True' : 'False', reason, message: brokersAndPods(standing) };
}

function resizingFact({ isResizing, resize, keepsTasks, brokers, lastResize, size }: Standing): Fact {
  const type = 'Resizing';
  const kept = keepsTasks ? '; the program keeps the tasks it was submitted with' : '';
  if (isResizing) {
    return { type, status: 'True', reason: resizeReason(resize), message: (resize.message || brokers) + kept };
  }
  if (!lastResize) return { type, status: 'False', reason: 'None', message: 'no resize has been asked for' };
  return { type, status: 'False', reason: 'Completed', message: `size is ${size}${kept}` };
}

function resizeReason({ kind }: ResizeState): string {
  if (kind === 'waiting-for-flux') return 'FluxUnreachable';
  return kind === 'waiting-for-jobs' ? 'Draining' : 'Settling';
}

function degradedFact(standing: Standing): Fact {
  const type = 'Degraded';
  if (!standing.isDegraded) return { type, status: 'False', reason: 'AsExpected', message: '' };
  const reason = standing.online ? 'BrokersLost' : 'PodsLost';
  return { type, status: 'True', reason, message: brokersAndPods(standing) };
}

/** A denial stays to be read until a resize is accepted. */
function deniedFact({ resize, hasMoved }: Standing, before: MiniClusterStatus | undefined): Fact {
  const type = 'ResizeDenied';
  if (resize.denied) return { type, status: 'True', reason: resize.denied.reason, message: resize.message };
  const told = conditionOf(before?.conditions, type);
  const isAccepted = hasMoved || resize.kind === 'waiting-for-jobs' || resize.kind === 'waiting-for-flux';
  if (told?.status === 'True' && !isAccepted) {
    return { type, status: 'True', reason: told.reason, message: told.message };
  }
  return { type, status: 'False', reason: 'NoDenial', message: '' };
}

function brokersAndPods({ brokers, waiting }: Standing): string {
  return waiting ? `${brokers}; ${waiting}` : brokers;
}
