/**
 * When a status is written. What a person waits for is told at once; what is on its way to that is told seldom, so that a
 * resize costs at most three writes (the Job, a status if it takes its time or waits, and the status at its end), in
 * however many pieces pods and Flux report.
 */
import { isDeepStrictEqual } from 'node:util';
import type { MiniClusterStatus } from '@ebb/minicluster';
import { conditionOf, isTrue } from './conditions.ts';

/** What is remembered of the statuses of one MiniCluster; it can be lost. */
export interface StatusHistory {
  /** When the last one was written, in milliseconds. */
  writtenAt: number;
  /** Since when it has been known. */
  beginningSince?: number;
  /** Its pods are not all made, or the scheduler has not looked at them all. */
  awaitsPods?: boolean;
  /** Since when a resize has been under way. */
  resizingSince?: number;
  /** Since when brokers have been missing while a program runs. */
  missingSince?: number;
  /** Why pods do not run, in a word: now, and when the last one was written. */
  trouble?: string | undefined;
  toldTrouble?: string | undefined;
  /** Brokers that are up: now, and when the last one was written; since when it is another number. */
  up?: number | undefined;
  toldUp?: number | undefined;
  comingSince?: number;
}

/**
 * A resize that ends within this time is told once, when it has ended. So are brokers that come up one after the other
 * when an instance starts, and those that leave because the program has ended.
 */
export const patienceMs = 1000;
/**
 * Brokers that come up and trouble that pods have while an instance starts, and what a busy one is at, are told at most
 * this often. The first status waits as long at most for the scheduler, to tell in the same breath what it says.
 */
export const progressEveryMs = 5000;
/** What else happens in a start. Most starts end before it is due, and cost two statuses, that of the beginning and that of the end. */
export const startProgressEveryMs = 15_000;
/** How far a resize has come that takes long, and other words about the trouble that pods still have. */
export const slowProgressEveryMs = 60_000;

/** Remembers since when what the status says has been so. */
export function note(
  history: StatusHistory,
  { status, trouble, awaitsPods }: { status: MiniClusterStatus; trouble?: string; awaitsPods: boolean },
  now: number,
): void {
  history.trouble = trouble;
  history.awaitsPods = awaitsPods;
  history.beginningSince ??= now;
  history.up = status.ranks?.up;
  if (history.up !== history.toldUp) history.comingSince ??= now;
  else delete history.comingSince;
  if (isTrue(status.conditions, 'Resizing')) history.resizingSince ??= now;
  else delete history.resizingSince;
  if (missesBrokers(status)) history.missingSince ??= now;
  else delete history.missingSince;
}

/** Remembers that what was noted last has been written. */
export function told(history: StatusHistory, now: number): void {
  history.writtenAt = now;
  history.toldTrouble = history.trouble;
  history.toldUp = history.up;
  delete history.comingSince;
}

/** @returns milliseconds until it is due, 0 for now; undefined when it says what the last one says */
export function statusDue(
  before: MiniClusterStatus | undefined,
  next: MiniClusterStatus,
  history: StatusHistory,
  now: number,
): number | undefined {
  const { writtenAt, beginningSince, awaitsPods, resizingSince, missingSince, comingSince } = history;
  if (isDeepStrictEqual(next, before)) return undefined;
  const due = {
    news: now,
    beginning: awaitsPods ? (beginningSince ?? now) + progressEveryMs : now,
    'begun resize': (resizingSince ?? now) + patienceMs,
    'brokers missing': (missingSince ?? now) + patienceMs,
    'resize on its way': writtenAt + slowProgressEveryMs,
    progress: writtenAt + progressEveryMs,
    'brokers come': Math.max(writtenAt + progressEveryMs, (comingSince ?? now) + patienceMs),
    'start on its way': writtenAt + startProgressEveryMs,
    'trouble goes on': writtenAt + slowProgressEveryMs,
  }[changeOf(before, next, history)];
  return Math.max(0, due - now);
}

/** Whether it says of a program that runs that not all of its brokers are there. */
function missesBrokers({ conditions, program }: MiniClusterStatus): boolean {
  return program?.state === 'Running' && !isTrue(conditions, 'Ready') && !isTrue(conditions, 'Resizing');
}

type Change =
  | 'news'
  | 'beginning'
  | 'begun resize'
  | 'brokers missing'
  | 'resize on its way'
  | 'progress'
  | 'brokers come'
  | 'start on its way'
  | 'trouble goes on';

function changeOf(before: MiniClusterStatus | undefined, next: MiniClusterStatus, history: StatusHistory): Change {
  if (!before) {
    const isStart = isTrue(next.conditions, 'Progressing') && !isTrue(next.conditions, 'Resizing');
    return isStart ? 'beginning' : 'news';
  }
  if (isTrue(next.conditions, 'Resizing')) return resizeChange(before, next);
  if (isTrue(before.conditions, 'Resizing')) return 'news';
  if (missesBrokers(next) && isTrue(before.conditions, 'Ready')) return 'brokers missing';
  const isStarting = isTrue(before.conditions, 'Progressing') && isTrue(next.conditions, 'Progressing');
  if (!isStarting) return isDeepStrictEqual(withoutNumbers(before), withoutNumbers(next)) ? 'progress' : 'news';
  return isDeepStrictEqual(withoutProgress(before), withoutProgress(next))
    ? startChange(before, next, history)
    : 'news';
}

/** What is new of a start, or of pods that are made anew. */
function startChange(before: MiniClusterStatus, next: MiniClusterStatus, history: StatusHistory): Change {
  if (history.trouble !== history.toldTrouble) return 'progress';
  if (before.ranks?.up !== next.ranks?.up) return 'brokers come';
  // What the scheduler says changes with every pod that comes or goes on its nodes.
  return history.trouble !== undefined && before.ready === next.ready ? 'trouble goes on' : 'start on its way';
}

function resizeChange(before: MiniClusterStatus, next: MiniClusterStatus): Change {
  const [was, is] = [before, next].map(({ conditions }) => conditionOf(conditions, 'Resizing'));
  const isAnother = was?.status !== 'True' || before.observedGeneration !== next.observedGeneration;
  // What ends by itself in a moment is given that moment: most pods come and go soon, most relays come back.
  if (isAnother) return is?.reason === 'Draining' ? 'news' : 'begun resize';
  return is?.reason === 'Settling' || was?.reason === is?.reason ? 'resize on its way' : 'news';
}

/** What changes with every job of a busy instance, and with every word of a kubelet. */
function withoutNumbers({ nodes: _nodes, ready: _ready, ...rest }: MiniClusterStatus) {
  return rest;
}

/** What changes with every pod and every broker that starts. */
function withoutProgress({ ranks: _ranks, conditions, ...rest }: MiniClusterStatus) {
  return { ...withoutNumbers(rest), conditions: conditions?.map(({ message: _message, ...each }) => each) };
}
