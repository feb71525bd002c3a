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
  /** Since when a resize has been under way. */
  resizingSince?: number;
  /** Since when brokers have been missing while a program runs. */
  missingSince?: number;
}

/**
 * A resize that ends within this time is told once, when it has ended. So are brokers that leave one after the other
 * because the program has ended.
 */
export const patienceMs = 1000;
/** How far a start has come, and what a busy Flux instance is at, is told at most this often. */
export const progressEveryMs = 5000;
/** How far a resize has come that takes long. */
export const resizeProgressEveryMs = 60_000;

/** Remembers since when what the status says has been so. */
export function note(history: StatusHistory, status: MiniClusterStatus, now: number): void {
  if (isTrue(status.conditions, 'Resizing')) history.resizingSince ??= now;
  else delete history.resizingSince;
  if (missesBrokers(status)) history.missingSince ??= now;
  else delete history.missingSince;
}

/** @returns milliseconds until it is due, 0 for now; undefined when it says what the last one says */
export function statusDue(
  before: MiniClusterStatus | undefined,
  next: MiniClusterStatus,
  { writtenAt, resizingSince, missingSince }: StatusHistory,
  now: number,
): number | undefined {
  if (isDeepStrictEqual(next, before)) return undefined;
  const due = {
    news: now,
    'begun resize': (resizingSince ?? now) + patienceMs,
    'brokers missing': (missingSince ?? now) + patienceMs,
    'resize on its way': writtenAt + resizeProgressEveryMs,
    progress: writtenAt + progressEveryMs,
  }[changeOf(before, next)];
  return Math.max(0, due - now);
}

/** Whether it says of a program that runs that not all of its brokers are there. */
function missesBrokers({ conditions, program }: MiniClusterStatus): boolean {
  return program?.state === 'Running' && !isTrue(conditions, 'Ready') && !isTrue(conditions, 'Resizing');
}

type Change = 'news' | 'begun resize' | 'brokers missing' | 'resize on its way' | 'progress';

function changeOf(before: MiniClusterStatus | undefined, next: MiniClusterStatus): Change {
  if (!before) return 'news';
  if (isTrue(next.conditions, 'Resizing')) return resizeChange(before, next);
  if (isTrue(before.conditions, 'Resizing')) return 'news';
  if (missesBrokers(next) && isTrue(before.conditions, 'Ready')) return 'brokers missing';
  const isStarting = isTrue(before.conditions, 'Progressing') && isTrue(next.conditions, 'Progressing');
  const essence = isStarting ? withoutProgress : withoutNumbers;
  return isDeepStrictEqual(essence(before), essence(next)) ? 'progress' : 'news';
}

function resizeChange(before: MiniClusterStatus, next: MiniClusterStatus): Change {
  const [was, is] = [before, next].map(({ conditions }) => conditionOf(conditions, 'Resizing'));
  const isAnother = was?.status !== 'True' || before.observedGeneration !== next.observedGeneration;
  // What ends by itself in a moment is given that moment: most pods come and go soon, most relays come back.
  if (isAnother) return is?.reason === 'Draining' ? 'news' : 'begun resize';
  return is?.reason === 'Settling' || was?.reason === is?.reason ? 'resize on its way' : 'news';
}

/** What changes with every job of a busy instance. */
function withoutNumbers({ nodes: _nodes, ...rest }: MiniClusterStatus): Omit<MiniClusterStatus, 'nodes'> {
  return rest;
}

/** What changes with every pod and every broker that starts. */
function withoutProgress({ ready: _ready, ranks: _ranks, conditions, ...rest }: MiniClusterStatus) {
  return { ...withoutNumbers(rest), conditions: conditions?.map(({ message: _message, ...each }) => each) };
}
