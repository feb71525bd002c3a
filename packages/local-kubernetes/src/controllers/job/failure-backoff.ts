// How long a Job waits before it replaces pods that failed: 10 s, doubled for each failure in a row, at most 10 minutes.

import type { JobPod } from './job-types.ts';
import { finishedMs } from './pod-order.ts';

/** Failures since the last success. The controller keeps it in memory, as the real one does. */
export interface BackoffRecord {
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly lastFailureMs: number;
}

export const noFailures: BackoffRecord = { failures: 0, lastFailureMs: 0 };
const firstMs = 10_000;
const longestMs = 600_000;

/** The record after these pods have ended. */
export function recordEnded(
  record: BackoffRecord,
  succeeded: readonly JobPod[],
  failed: readonly JobPod[],
): BackoffRecord {
  const lastSuccess = Math.max(...succeeded.map(finishedMs));
  const counting = failed.map(finishedMs).filter((end) => end > lastSuccess);
  if (succeeded.length === 0 && failed.length === 0) return record;
  if (succeeded.length > 0 && counting.length === 0) return noFailures;
  return {
    failures: (succeeded.length > 0 ? 0 : record.failures) + counting.length,
    lastFailureMs: Math.max(...counting),
  };
}

/** Milliseconds until pods may be made again. */
export function remainingMs({ failures, lastFailureMs }: BackoffRecord, now: Date): number {
  if (failures === 0) return 0;
  const wait = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return Math.max(0, lastFailureMs + wait - now.getTime());
}
