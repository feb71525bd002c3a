/** The pods of a MiniCluster as far as decisions need them. */
import { indexLabel, type KubernetesObject, upstreamIndexLabel } from '@ebb/minicluster';

export interface PodView {
  name: string;
  /** Index in the Job: the rank. */
  index: number;
  isRunning: boolean;
  isReady: boolean;
  isDeleting: boolean;
  /** All its containers have ended, and one of them not well. */
  hasFailed: boolean;
  /** Whether it has its index also in the label by which Services select it. */
  isLabelled: boolean;
  /** Whether the scheduler has said where it runs, or why nowhere. */
  isConsidered: boolean;
  /** Exit of the container that runs Flux. */
  ended?: { exitCode: number; message: string; finishedAt?: string };
  /** Why it is not running, for people. */
  waiting?: string;
  /** The same in a word that stays, whatever numbers the text has. */
  trouble?: string;
}

interface ContainerState {
  name: string;
  ready?: boolean;
  state?: {
    running?: object;
    waiting?: { reason?: string; message?: string };
    terminated?: { exitCode: number; message?: string; finishedAt?: string; reason?: string };
  };
}

interface PodStatus {
  phase?: string;
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
  containerStatuses?: ContainerState[];
  initContainerStatuses?: ContainerState[];
}

/** @param cluster name of the MiniCluster, which is that of the Flux container */
export function podView(pod: KubernetesObject, cluster: string): PodView | undefined {
  const index = Number(pod.metadata.labels?.[indexLabel] ?? pod.metadata.annotations?.[indexLabel]);
  if (!Number.isInteger(index)) return undefined;
  const status = (pod['status'] ?? {}) as PodStatus;
  const main = status.containerStatuses?.find((each) => each.name === cluster);
  const ended = main?.state?.terminated;
  const waiting = waitingFor(status);
  return {
    name: pod.metadata.name,
    index,
    isRunning: main?.state?.running !== undefined,
    isReady: main?.state?.running !== undefined && main.ready !== false,
    isDeleting: pod.metadata.deletionTimestamp !== undefined,
    hasFailed: status.phase === 'Failed',
    isLabelled: pod.metadata.labels?.[upstreamIndexLabel] === `${index}`,
    isConsidered: status.conditions?.some((each) => each.type === 'PodScheduled') ?? false,
    ...(ended
      ? {
          ended: {
            exitCode: ended.exitCode,
            message: ended.message ?? '',
            ...(ended.finishedAt ? { finishedAt: ended.finishedAt } : {}),
          },
        }
      : {}),
    ...(waiting
      ? {
          waiting: `pod ${pod.metadata.name}: ${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}`,
          trouble: waiting.reason,
        }
      : {}),
  };
}

/** The pod whose trouble is told, of those that have any. */
export function troubledPod(pods: readonly PodView[]): PodView | undefined {
  return pods.find((pod) => pod.waiting && !pod.isDeleting);
}

/** Characters. */
const longestWords = 300;

/** Reasons that are part of every start and no news. */
const ordinary = new Set(['ContainerCreating', 'PodInitializing']);

function waitingFor(status: PodStatus): { reason: string; message?: string | undefined } | undefined {
  const scheduled = status.conditions?.find((each) => each.type === 'PodScheduled' && each.status === 'False');
  if (scheduled) return { reason: scheduled.reason ?? 'Unscheduled', message: scheduled.message };
  for (const each of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    const waiting = each.state?.waiting;
    if (waiting?.reason && !ordinary.has(waiting.reason)) return { reason: waiting.reason, message: waiting.message };
    const failed = each.state?.terminated;
    if (failed && failed.exitCode !== 0)
      return {
        reason: `container ${each.name} ended with status ${failed.exitCode}`,
        message: lastWords(failed.message),
      };
  }
  return undefined;
}

/** What a set-up that failed says last, in the log or by itself; what our scripts leave for programs is not for people. */
function lastWords(message = ''): string | undefined {
  const line = message
    .split(/\r?\n/)
    .findLast((each) => each.trim() !== '')
    ?.trim();
  return line?.startsWith('{') ? undefined : line?.slice(0, longestWords);
}
